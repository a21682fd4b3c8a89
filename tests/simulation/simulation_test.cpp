// Thousands of runs keep every promise, and runs of a coordinator with a bug do not.
#include <gtest/gtest.h>

#include <iostream>
#include <thread>

#include "base/testing/error_of.hpp"
#include "tests/simulation/sweep.hpp"

namespace checkerlab::simulation {
namespace {

// Under a sanitizer a run takes fifty times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kSeeds = 200;
#else
constexpr std::uint64_t kSeeds = 2'000;
#endif
constexpr std::uint64_t kSeedsForABug = 400;

std::string describe(const Schedule& schedule, const Plant& plant) {
  const Shortest shortest = shorten(schedule, plant);
  std::string text = shortest.report.problem + "\n" + print(shortest.schedule) + "trace:\n";
  for (const std::string& line : shortest.report.trace)
    text += line + "\n";
  return text;
}

TEST(Simulation, ThousandsOfSeedsKeepEveryPromise) {
  const SweepReport report = sweep({.seeds = kSeeds, .threads = std::thread::hardware_concurrency()});
  ASSERT_FALSE(report.failure) << "seed " << report.failure->seed << ": "
                               << describe(make_schedule(report.failure->seed), {});
  EXPECT_EQ(report.seeds, kSeeds);
  std::cout << report.seeds << " seeds in " << report.seconds << " s\n";
  // The runs were worth something: all of it happened, and often.
  for (const char* what : {"power losses",
                           "kills",
                           "deaths with changes under way",
                           "pieces lost",
                           "pieces kept",
                           "disk errors",
                           "disk full",
                           "cuts",
                           "frames lost",
                           "vanished",
                           "replaced",
                           "shutdowns",
                           "clock jumps",
                           "lies",
                           "gangs",
                           "ranks",
                           "accepted",
                           "refused: cancelled",
                           "refused: stale attempt: a later one has taken its place",
                           "refused: stale attempt: it had ended already",
                           "submitted",
                           "cancelled",
                           "extended",
                           "run again",
                           "paused",
                           "taken back",
                           "resumed",
                           "cordoned",
                           "answers: io_error",
                           "answers: disk_full",
                           "answers: unavailable"}) {
    const auto found = report.tally.find(what);
    EXPECT_GT(found == report.tally.end() ? 0 : found->second, kSeeds / 100) << what;
  }
}

TEST(Simulation, EqualSeedsAreEqualRuns) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const RunReport first = run(make_schedule(seed), {}, true);
    RunReport second;
    std::thread([&] { second = run(make_schedule(seed), {}, true); }).join();
    ASSERT_EQ(first.trace, second.trace) << seed;
    ASSERT_EQ(first.hash, second.hash) << seed;
    EXPECT_GT(first.trace.size(), 40U);
  }
}

TEST(Simulation, DifferentSeedsAreDifferentRuns) {
  EXPECT_NE(run(make_schedule(1)).hash, run(make_schedule(2)).hash);
}

TEST(Simulation, ASchedulePrintedAndReadAgainIsTheSameRun) {
  const Schedule schedule = make_schedule(40);
  const Schedule again = parse_schedule(print(schedule));
  EXPECT_EQ(print(again), print(schedule));
  EXPECT_EQ(run(again).hash, run(schedule).hash);
}

TEST(Simulation, WhatIsNoScheduleIsRefusedWithItsLine) {
  EXPECT_EQ(error_of([] { parse_schedule("submit 1 2 3\n"); }).code(), ErrorCode::invalid_data);
  const Error error = error_of([] { parse_schedule("seed 1\nsubmit 1 2 3\ndance 1 2 3\n"); });
  EXPECT_NE(std::string(error.what()).find("dance 1 2 3"), std::string::npos);
  EXPECT_EQ(error_of([] { parse_schedule("seed 1\nsubmit 1\n"); }).code(), ErrorCode::invalid_data);
}

TEST(Simulation, AFailingScheduleShrinksAndStillFails) {
  const Plant plant = find_plant("loses_the_cancel");
  const SweepReport report = sweep({.seeds = kSeedsForABug}, plant);
  ASSERT_TRUE(report.failure);
  const Schedule schedule = make_schedule(report.failure->seed);
  const Shortest shortest = shorten(schedule, plant);
  EXPECT_FALSE(shortest.report.problem.empty());
  EXPECT_LE(shortest.schedule.operations.size(), 10U) << print(shortest.schedule);
  EXPECT_LT(shortest.schedule.operations.size(), schedule.operations.size());
  EXPECT_EQ(run(shortest.schedule, plant).hash, shortest.report.hash);
  EXPECT_EQ(run(shortest.schedule).problem, "");
}

class PlantedBugs : public ::testing::TestWithParam<Plant> {};

TEST_P(PlantedBugs, AreFound) {
  const SweepReport report =
      sweep({.seeds = kSeedsForABug, .threads = std::thread::hardware_concurrency()}, GetParam());
  ASSERT_TRUE(report.failure) << "not found in " << report.seeds << " seeds";
  std::cout << GetParam().name << ": found with seed " << report.failure->seed << ": " << report.failure->problem
            << '\n';
}

INSTANTIATE_TEST_SUITE_P(All, PlantedBugs, ::testing::ValuesIn(all_plants()),
                         [](const auto& plant) { return plant.param.name; });

}  // namespace
}  // namespace checkerlab::simulation
