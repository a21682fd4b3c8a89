// What happens to a job whose attempts end badly, by whose fault it was.
#include <gtest/gtest.h>

#include "coordinator/scheduler/testing/harness.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

using testing::Harness;
using testing::key_of;

TEST(Retries, ACrashIsTriedAgainAfterARestThatDoubles) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1});
  h.finish("w", 1, 1, Outcome::crashed);
  EXPECT_EQ(h.job(1), JobState::queued);
  ASSERT_EQ(h.all<JobRests>().size(), 1U);
  EXPECT_EQ(h.all<JobRests>()[0].until, h.state.now + 2'000);
  h.pass_alive(1'000);
  EXPECT_EQ(h.job(1), JobState::queued);
  h.pass_alive(1'000);
  EXPECT_EQ(h.job(1), JobState::running);
  h.finish("w", 1, 2, Outcome::crashed);
  EXPECT_EQ(h.all<JobRests>().at(0).until, h.state.now + 4'000);
  h.pass_alive(4'000);
  h.finish("w", 1, 3, Outcome::crashed);
  EXPECT_EQ(h.job(1), JobState::failed);
  EXPECT_TRUE(h.all<AttemptEnded>().at(0).final);
  EXPECT_TRUE(h.all<JobRests>().empty());
}

TEST(Retries, OthersRunWhileACrashedJobRests) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1, 2});
  h.finish("w", 1, 1, Outcome::crashed);
  EXPECT_EQ(h.job(2), JobState::running);
}

TEST(Retries, ADeterministicErrorIsNotTriedAgain) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1});
  h.finish("w", 1, 1, Outcome::failed);
  EXPECT_EQ(h.job(1), JobState::failed);
  EXPECT_EQ(h.details(1).tries, 0);
}

TEST(Retries, PreemptionsAreCountedApartAndHaveNoBound) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1});
  for (std::uint32_t attempt = 1; attempt <= 50; ++attempt)
    h.finish("w", 1, attempt, Outcome::preempted);
  EXPECT_EQ(h.job(1), JobState::running);
  EXPECT_EQ(h.details(1).preemptions, 50);
  EXPECT_EQ(h.details(1).tries, 0);
  EXPECT_EQ(h.details(1).losses, 0);
}

TEST(Retries, LossesAreCountedApartAndAPoisonousJobEndsAtTheirBound) {
  Harness h;
  h.submit("s", {1});
  for (std::uint32_t attempt = 1; attempt <= h.state.limits.max_losses; ++attempt) {
    EXPECT_NE(h.job(1), JobState::failed);
    h.connect("w", 1);  // anew, without the attempt before
    h.start("w", 1, attempt);
  }
  h.connect("w", 1);
  EXPECT_EQ(h.job(1), JobState::failed);
  EXPECT_EQ(h.details(1).tries, 0);
  EXPECT_EQ(h.details(1).losses, h.state.limits.max_losses);
}

TEST(Retries, SubmittingAgainForgetsTriesAndLosses) {
  Harness h;
  h.state.limits.max_tries = 1;
  h.connect("w", 1);
  h.submit("s", {1});
  h.finish("w", 1, 1, Outcome::crashed);
  EXPECT_EQ(h.job(1), JobState::failed);
  h.submit("s", {1});
  EXPECT_EQ(h.job(1), JobState::running);
  EXPECT_EQ(h.details(1).tries, 0);
}

TEST(Retries, ARestingJobThatIsCancelledRestsNoMore) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1});
  h.finish("w", 1, 1, Outcome::crashed);
  h.fire(StudyCancelled{"s"});
  EXPECT_EQ(h.job(1), JobState::cancelled);
  EXPECT_TRUE(h.state.rests.empty());
  h.submit("s", {1});
  EXPECT_EQ(h.job(1), JobState::running);
}

TEST(Retries, ARestIsRestored) {
  Harness h;
  Restored restored{50, {}, {}, {}, {}};
  RestoredJob job{{key_of(1), "noop", 0, true, {}, {}}, JobState::queued, 2, 2, "", false};
  job.losses = 2;
  job.preemptions = 3;
  job.rest = 3'000;
  restored.jobs.push_back(job);
  restored.studies.push_back({"s", StudyState::running, {JobIndex{0}}});
  h.fire(restored);
  h.connect("w", 1);
  EXPECT_EQ(h.job(1), JobState::queued);
  EXPECT_EQ(h.details(1).losses, 2);
  EXPECT_EQ(h.details(1).preemptions, 3);
  h.pass_alive(3'000);
  EXPECT_EQ(h.job(1), JobState::running);
}

TEST(Retries, ARestIsNoLongerThanItWasBecauseTheWallClockWasPutBack) {
  Harness h;
  Restored restored{50, {}, {}, {}, {}};
  RestoredJob job{{key_of(1), "noop", 0, true, {}, {}}, JobState::queued, 1, 1, "", false};
  job.rest = 86'400'000;
  restored.jobs.push_back(job);
  restored.studies.push_back({"s", StudyState::running, {JobIndex{0}}});
  restored.workers.push_back({"w", "w", false, 86'400'000, 1});
  h.fire(restored);
  h.connect("w", 1);
  h.pass_alive(2'000);
  EXPECT_FALSE(h.details(1).resting);
  EXPECT_EQ(h.job(1), JobState::queued);  // the worker's quarantine goes on for a minute
  h.pass_alive(58'000);
  EXPECT_EQ(h.job(1), JobState::running);
}

TEST(Retries, AJobOverItsTimeLimitIsStoppedAndFails) {
  Harness h;
  h.connect("w", 1);
  h.submit_placed("s", {1}, {.labels = {}, .memory_bytes = 0, .time_limit = 10'000});
  h.pass_alive(8'000);
  h.start("w", 1);  // from here on it counts
  h.pass_alive(9'000);
  EXPECT_EQ(h.job(1), JobState::running);
  h.fire(Tick{h.state.now + 1'000});
  EXPECT_EQ(h.job(1), JobState::failed);
  ASSERT_EQ(h.all<CancelAttempt>().size(), 1U);
  EXPECT_EQ(h.all<CancelAttempt>()[0].reason, Reason::time_limit);
  ASSERT_EQ(h.all<AttemptEnded>().size(), 1U);
  EXPECT_EQ(h.all<AttemptEnded>()[0].end, AttemptEnd::timed_out);
  h.finish("w", 1);  // too late
  EXPECT_EQ(h.verdict(), Verdict::stale);
  EXPECT_EQ(h.study("s"), StudyState::failed);
}

TEST(Retries, TimeBeforeARestartCountsToo) {
  Harness h;
  Restored restored{50, {}, {}, {}, {}};
  RestoredJob job{{key_of(1), "noop", 0, true, {}, {{}, 0, 10'000}}, JobState::running, 1, 0, "w", true};
  job.ran_for = 9'500;
  restored.jobs.push_back(job);
  restored.studies.push_back({"s", StudyState::running, {JobIndex{0}}});
  h.fire(restored);
  h.pass(500);
  EXPECT_EQ(h.job(1), JobState::failed);
}

}  // namespace
}  // namespace checkerlab::coordinator::scheduler
