// Workers that are held back: after crashes, or because somebody said so.
#include <gtest/gtest.h>

#include "coordinator/scheduler/testing/harness.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

using testing::Harness;

// Enough jobs that crash at "w" one after the other.
void crash_often(Harness& h, std::uint32_t first = 1) {
  for (std::uint32_t number = first; number < first + h.state.limits.quarantine_after; ++number) {
    h.submit("s" + std::to_string(number), {number});
    h.finish("w", number, 1, Outcome::crashed);
  }
}

TEST(Quarantine, CrashesOfDifferentJobsInARowHoldAWorkerBack) {
  Harness h;
  h.connect("w", 1);
  crash_often(h);
  EXPECT_GT(h.state.workers[0].quarantined_until, h.state.now);
  EXPECT_EQ(h.all<WorkerChanged>().size(), 1U);
  h.submit("t", {100});
  EXPECT_EQ(h.job(100), JobState::queued);
  h.connect("v", 1);
  EXPECT_EQ(h.job(100), JobState::running);
}

TEST(Quarantine, CrashesOfOneJobAreThatJobs) {
  Harness h;
  h.state.limits.max_tries = 100;
  h.state.limits.first_rest = 0;
  h.connect("w", 1);
  h.submit("s", {1});
  for (std::uint32_t attempt = 1; attempt <= 20; ++attempt)
    h.finish("w", 1, attempt, Outcome::crashed);
  EXPECT_EQ(h.state.workers[0].quarantined_until, 0);
}

TEST(Quarantine, JobsThatCrashElsewhereTooAreToBlameThemselves) {
  Harness h;
  h.state.limits.first_rest = 0;
  h.state.limits.quarantine_after = 2;
  for (const std::uint32_t number : {1U, 2U}) {
    const std::string study = "s" + std::to_string(number);
    h.fire(WorkerDisconnected{"w"});
    h.connect("v", 1);
    h.submit(study, {number});
    h.fire(WorkerDisconnected{"v"});
    h.connect("w", 1);
    h.finish("v", number, 1, Outcome::crashed);
    h.finish("w", number, 2, Outcome::crashed);
    h.fire(StudyCancelled{study});
    h.finish("w", number, 3, Outcome::preempted);
  }
  EXPECT_GT(h.state.worker(*h.state.find_worker("v")).quarantined_until, 0);
  EXPECT_EQ(h.state.worker(*h.state.find_worker("w")).quarantined_until, 0);
}

TEST(Quarantine, AnAttemptThatEndsWellClearsTheRecord) {
  Harness h;
  h.connect("w", 1);
  for (std::uint32_t number = 1; number <= 20; ++number) {
    h.submit("s" + std::to_string(number), {number});
    h.finish("w", number, 1, number % 2 == 0 ? Outcome::failed : Outcome::crashed);
  }
  EXPECT_EQ(h.state.workers[0].quarantined_until, 0);
}

TEST(Quarantine, OldCrashesAreForgotten) {
  Harness h;
  h.connect("w", 1);
  for (std::uint32_t number = 1; number <= 8; ++number) {
    h.submit("s" + std::to_string(number), {number});
    h.finish("w", number, 1, Outcome::crashed);
    h.fire(StudyCancelled{"s" + std::to_string(number)});
    h.fire(Tick{h.state.now + h.state.limits.crash_window / 2});
  }
  EXPECT_EQ(h.state.workers[0].quarantined_until, 0);
}

TEST(Quarantine, EndsWithAProbeOfOneJob) {
  Harness h;
  h.connect("w", 2, 2);
  crash_often(h);
  for (std::uint32_t number = 1; number <= h.state.limits.quarantine_after; ++number)
    h.fire(StudyCancelled{"s" + std::to_string(number)});
  h.submit("t", {100, 101, 102});
  h.pass_alive(60'000);
  EXPECT_TRUE(h.state.workers[0].probing);
  EXPECT_EQ(h.state.running_count, 1U);
  h.finish("w", 100);
  EXPECT_FALSE(h.state.workers[0].probing);
  EXPECT_EQ(h.state.running_count, 2U);
  EXPECT_EQ(h.state.workers[0].quarantines, 0U);
}

TEST(Quarantine, LastsTwiceAsLongWhenTheProbeCrashes) {
  Harness h;
  h.connect("w", 1);
  crash_often(h);
  for (std::uint32_t number = 1; number <= h.state.limits.quarantine_after; ++number)
    h.fire(StudyCancelled{"s" + std::to_string(number)});
  h.submit("t", {100});
  h.pass_alive(60'000);
  h.finish("w", 100, 1, Outcome::crashed);
  EXPECT_EQ(h.state.workers[0].quarantined_until, h.state.now + 120'000);
  EXPECT_FALSE(h.state.workers[0].probing);
}

TEST(Quarantine, UncordoningEndsIt) {
  Harness h;
  h.connect("w", 1);
  crash_often(h);
  h.fire(Cordoned{"w", false});
  h.submit("t", {100});
  EXPECT_EQ(h.job(100), JobState::running);
}

TEST(Quarantine, IsRestored) {
  Harness h;
  Restored restored{50, {}, {}, {{"w", "gpu", false, 30'000, 2}, {"v", "gpu", true, 0, 0}}, {}};
  h.fire(restored);
  h.connect("w", 1);
  h.connect("v", 1);
  h.submit("t", {100});
  EXPECT_EQ(h.job(100), JobState::queued);
  h.pass_alive(30'000);
  EXPECT_EQ(h.job(100), JobState::running);
  EXPECT_TRUE(h.state.workers[0].probing);
}

TEST(Cordon, HoldsForTheNameAlsoWhenItsProcessIsNew) {
  Harness h;
  h.fire(WorkerConnected{"id1", 1, 0, {"noop"}, {}, "gpu-3"});
  h.fire(Cordoned{"gpu-3", true});
  h.submit("s", {1});
  EXPECT_EQ(h.job(1), JobState::queued);
  h.fire(WorkerConnected{"id2", 1, 0, {"noop"}, {}, "gpu-3"});
  EXPECT_EQ(h.job(1), JobState::queued);
  h.fire(Cordoned{"gpu-3", false});
  EXPECT_EQ(h.job(1), JobState::running);
}

TEST(Cordon, LetsWhatRunsEnd) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1});
  h.fire(Cordoned{"w", true});
  h.finish("w", 1);
  EXPECT_EQ(h.verdict(), Verdict::recorded);
}

TEST(Cordon, IsRestored) {
  Harness h;
  h.fire(Restored{50, {}, {}, {}, {"gpu-3"}});
  h.fire(WorkerConnected{"id1", 1, 0, {"noop"}, {}, "gpu-3"});
  h.submit("s", {1});
  EXPECT_EQ(h.job(1), JobState::queued);
}

}  // namespace
}  // namespace checkerlab::coordinator::scheduler
