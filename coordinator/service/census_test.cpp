// Why the jobs that wait do, as /metrics counts them.
#include <gmock/gmock.h>

#include "coordinator/service/testing/fixture.hpp"
#include "coordinator/service/testing/set_study.hpp"

namespace checkerlab::coordinator {
namespace {

using testing::Bench;
using ::testing::ElementsAre;
using ::testing::Pair;
using testing::set_study;

std::map<std::string, std::size_t> reasons(const Bench& bench) {
  std::map<std::string, std::size_t> all;
  for (const auto& kind : bench.coordinator->census()) {
    for (const auto& [reason, count] : kind.by_reason)
      all[reason] += count;
  }
  return all;
}

StudySubmission pinned(const std::string& name, const std::vector<int>& indices, const std::string& code) {
  StudySubmission study = set_study(indices, name);
  study.code = code;
  return study;
}

TEST(Census, AJobPinnedToACodeThatNoWorkerHasWaitsForAWorker) {
  Bench bench;
  bench.connect("busy");
  bench.submit(pinned("other", {1, 2}, "9.9"));
  EXPECT_THAT(reasons(bench), ElementsAre(Pair("no_worker", 2)));
  bench.submit(pinned("this", {3, 4}, "1.2.3"));
  EXPECT_THAT(reasons(bench), ElementsAre(Pair("no_worker", 2), Pair("workers_busy", 1)));
  bench.submit(pinned("any", {5}, ""));
  EXPECT_THAT(reasons(bench), ElementsAre(Pair("no_worker", 2), Pair("workers_busy", 2)));
}

TEST(Census, AStudyThatWantsAJobAnywhereLetsItRunAnywhere) {
  Bench bench;
  bench.connect("busy");
  bench.submit(set_study({1}, "first"));
  bench.submit(pinned("pinned", {2, 3}, "9.9"));
  bench.submit(set_study({2}, "free"));
  EXPECT_THAT(reasons(bench), ElementsAre(Pair("no_worker", 1), Pair("workers_busy", 1)));
  bench.pause("free");
  EXPECT_THAT(reasons(bench), ElementsAre(Pair("no_worker", 2)));
  bench.submit(pinned("pinned", {2, 3}, ""));  // the pin is taken off
  EXPECT_THAT(reasons(bench), ElementsAre(Pair("workers_busy", 2)));
}

TEST(Census, AGangNeedsItsWorkersAllAtOnce) {
  Bench bench;
  bench.connect("one");
  bench.submit_noop("gang", 2, "ok", {.min = 2, .max = 2});
  EXPECT_THAT(reasons(bench), ElementsAre(Pair("no_worker", 2)));
  bench.connect("two");
  EXPECT_THAT(reasons(bench), ElementsAre(Pair("workers_busy", 1)));
}

}  // namespace
}  // namespace checkerlab::coordinator
