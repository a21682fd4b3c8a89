// The coordinator's state is read from the disk again after a change could not be stored. That may fail too, at any
// operation: then it is done again, as a whole.
#include <gtest/gtest.h>

#include "tests/simulation/run.hpp"

namespace checkerlab::simulation {
namespace {

constexpr std::uint64_t kSeedWithSearch = 6;
constexpr std::uint32_t kSearch = 4;

// A search is under way; a write fails; the reading that follows fails at its n-th operation.
Schedule reload_that_fails_after(std::uint32_t operations) {
  Schedule schedule{kSeedWithSearch, false, {}};
  schedule.operations = {{Act::submit, {kSearch, 0, 0}},
                         {Act::settle, {}},
                         {Act::connect, {0, 0, 0}},
                         {Act::round, {}},
                         {Act::round, {}},
                         {Act::round, {}},
                         {Act::round, {}},
                         {Act::fail_soon, {0, 0, 1}},
                         {Act::submit, {kSearch, 0, 0}},
                         {Act::settle, {}},
                         {Act::fail_soon, {operations, 0, 0}},
                         {Act::tick, {}},
                         {Act::settle, {}}};
  return schedule;
}

TEST(Reload, ThatFailsAtAnyOperationIsDoneAgain) {
  std::uint64_t failures = 0;
  for (std::uint32_t operations = 0; operations < 80; ++operations) {
    const RunReport report = run(reload_that_fails_after(operations), {}, true);
    std::string trace;
    for (const std::string& line : report.trace)
      trace += line + "\n";
    ASSERT_EQ(report.problem, "") << "after " << operations << " operations\n" << trace;
    failures += report.tally.at("disk errors");
  }
  EXPECT_GT(failures, 100U);  // one to begin with, and in most runs that of the reading
}

}  // namespace
}  // namespace checkerlab::simulation
