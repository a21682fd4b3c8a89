#include "coordinator/scheduler/scheduler.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "coordinator/scheduler/testing/harness.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

using testing::Harness;
using testing::key_of;

TEST(Scheduler, RunsAChainInOrderAndEndsTheStudy) {
  Harness h;
  h.submit_chain("s", {1, 2, 3});
  EXPECT_EQ(h.study("s"), StudyState::queued);
  h.connect("w", 4);
  EXPECT_EQ(h.study("s"), StudyState::running);
  for (const std::uint32_t number : {1U, 2U, 3U}) {
    EXPECT_EQ(h.job(number), JobState::running);
    h.start("w", number);
    h.finish("w", number);
    EXPECT_EQ(h.verdict(), Verdict::recorded);
  }
  EXPECT_EQ(h.study("s"), StudyState::succeeded);
}

TEST(Scheduler, FillsSlotsBeforePrefetchingAndNeverMore) {
  Harness h;
  h.connect("a", 1, 1);
  h.connect("b", 1, 1);
  h.submit("s", {1, 2});
  EXPECT_EQ(h.state.workers[0].holds.size(), 1U);
  EXPECT_EQ(h.state.workers[1].holds.size(), 1U);
  h.submit("t", {3, 4, 5, 6});
  EXPECT_EQ(h.state.workers[0].holds.size(), 2U);
  EXPECT_EQ(h.state.workers[1].holds.size(), 2U);
  EXPECT_EQ(h.state.ready_count, 2U);
}

TEST(Scheduler, KindsThatAreNotPrefetchedWaitForASlot) {
  Harness h;
  h.fire(WorkerConnected{"w", 1, 3, {"train", "noop"}, {}});
  h.fire(JobsSubmitted{"s", {{key_of(1), "train", 0, false, {}}, {key_of(2), "train", 0, false, {}}}});
  EXPECT_EQ(h.all<Assign>().size(), 1U);
  h.submit("t", {3});
  EXPECT_EQ(h.job(3), JobState::running);
  EXPECT_EQ(h.job(2), JobState::queued);
}

TEST(Scheduler, HigherPriorityGoesFirstThenFirstInFirstOut) {
  Harness h;
  h.fire(JobsSubmitted{
      "s", {{key_of(1), "noop", 0, true, {}}, {key_of(2), "noop", 5, true, {}}, {key_of(3), "noop", 0, true, {}}}});
  h.connect("w", 1);
  EXPECT_EQ(h.job(2), JobState::running);
  h.finish("w", 2);
  EXPECT_EQ(h.job(1), JobState::running);
  h.finish("w", 1);
  EXPECT_EQ(h.job(3), JobState::running);
}

TEST(Scheduler, OnlyWorkersOfTheKindGetIt) {
  Harness h;
  h.fire(WorkerConnected{"w", 4, 0, {"train"}, {}});
  h.submit("s", {1});
  EXPECT_EQ(h.job(1), JobState::queued);
}

TEST(Scheduler, FailureDoomsWhatNeedsItAndEndsTheStudy) {
  Harness h;
  h.connect("w", 1);
  h.submit_chain("s", {1, 2, 3});
  h.start("w", 1);
  h.finish("w", 1, 1, Outcome::failed);
  EXPECT_EQ(h.job(1), JobState::failed);
  EXPECT_EQ(h.job(3), JobState::blocked);
  const auto doomed = h.all<JobDoomed>();
  ASSERT_EQ(doomed.size(), 2U);
  EXPECT_EQ(doomed[0].input, *h.state.find_job(key_of(1)));
  EXPECT_EQ(doomed[1].input, *h.state.find_job(key_of(2)));
  EXPECT_EQ(h.study("s"), StudyState::failed);
}

TEST(Scheduler, TheRestOfAStudyGoesOnAfterAFailure) {
  Harness h;
  h.connect("w", 1);
  h.submit_chain("s", {1, 2});
  h.submit("s", {1, 2, 3});
  h.finish("w", 1, 1, Outcome::failed);
  EXPECT_EQ(h.study("s"), StudyState::running);
  h.finish("w", 3);
  EXPECT_EQ(h.study("s"), StudyState::failed);
}

TEST(Scheduler, SubmittingAgainTriesFailedJobsAgain) {
  Harness h;
  h.connect("w", 1);
  h.submit_chain("s", {1, 2});
  h.finish("w", 1, 1, Outcome::failed);
  h.submit_chain("s", {1, 2});
  EXPECT_EQ(h.all<JobRevived>().size(), 1U);
  EXPECT_EQ(h.study("s"), StudyState::running);
  h.finish("w", 1, 2);
  h.finish("w", 2, 1);
  EXPECT_EQ(h.study("s"), StudyState::succeeded);
}

TEST(Scheduler, PreemptionAndUnstartedLossesCostNothing) {
  Harness h;
  h.submit("s", {1});
  for (std::uint32_t attempt = 1; attempt <= 5; ++attempt) {
    h.connect("w", 1);
    h.finish("w", 1, attempt, Outcome::preempted);
  }
  EXPECT_EQ(h.job(1), JobState::running);
  for (int i = 0; i < 5; ++i)
    h.connect("w", 1);  // without the attempt that was assigned
  EXPECT_EQ(h.job(1), JobState::running);
  EXPECT_EQ(h.state.jobs[0].tries, 0);
}

TEST(Scheduler, LeaseExpiryLosesTheAttemptAndFencesItsResult) {
  Harness h;
  h.connect("a", 1);
  h.submit("s", {1});
  h.start("a", 1);
  h.fire(WorkerDisconnected{"a"});
  EXPECT_EQ(h.job(1), JobState::running);
  h.pass(16'000);
  EXPECT_EQ(h.job(1), JobState::queued);
  ASSERT_EQ(h.all<AttemptEnded>().size(), 1U);
  EXPECT_EQ(h.all<AttemptEnded>()[0].end, AttemptEnd::lost);
  h.connect("b", 1);
  h.connect("a", 1, 0, {{key_of(1), 1}});
  EXPECT_EQ(h.all<CancelAttempt>().size(), 1U);
  h.finish("a", 1, 1);
  EXPECT_EQ(h.verdict(), Verdict::stale);
  h.finish("b", 1, 2);
  EXPECT_EQ(h.verdict(), Verdict::recorded);
}

TEST(Scheduler, HeartbeatsKeepALeaseAndSilenceEndsTheConnection) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1});
  for (int i = 0; i < 10; ++i) {
    h.pass(5'000);
    h.fire(Heartbeat{"w", {{key_of(1), 1}}});
  }
  EXPECT_EQ(h.job(1), JobState::running);
  h.pass(16'000);
  EXPECT_EQ(h.all<WorkerSilent>().size(), 1U);
  EXPECT_FALSE(h.state.workers[0].connected);
  EXPECT_EQ(h.job(1), JobState::queued);
}

TEST(Scheduler, TimeThatTheSchedulerSleptIsNotHeldAgainstWorkers) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1});
  h.fire(Tick{3'600'000});
  EXPECT_EQ(h.job(1), JobState::running);
  EXPECT_TRUE(h.state.workers[0].connected);
}

TEST(Scheduler, AReconnectingWorkerKeepsWhatItHolds) {
  Harness h;
  h.connect("w", 2);
  h.submit("s", {1, 2});
  h.start("w", 1);
  h.fire(WorkerDisconnected{"w"});
  h.connect("w", 2, 0, {{key_of(1), 1}});
  EXPECT_EQ(h.state.jobs[0].attempt, 1U);
  EXPECT_EQ(h.state.jobs[1].attempt, 2U);  // the assignment had not arrived
}

TEST(Scheduler, ADuplicateResultIsAcceptedButNotRecordedTwice) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1});
  h.finish("w", 1);
  EXPECT_EQ(h.verdict(), Verdict::recorded);
  h.finish("w", 1);
  EXPECT_EQ(h.verdict(), Verdict::duplicate);
  EXPECT_TRUE(h.all<JobChanged>().empty());
}

TEST(Scheduler, CancellingLeavesJobsThatAnotherStudyNeeds) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1, 2});
  h.submit("t", {2, 3});
  h.fire(StudyCancelled{"s"});
  EXPECT_EQ(h.study("s"), StudyState::cancelled);
  EXPECT_EQ(h.job(1), JobState::cancelled);
  ASSERT_EQ(h.all<CancelAttempt>().size(), 1U);
  EXPECT_EQ(h.job(2), JobState::queued);  // the slot is free when the worker says so
  h.finish("w", 1, 1, Outcome::preempted);
  EXPECT_EQ(h.verdict(), Verdict::stale);
  EXPECT_EQ(h.job(2), JobState::running);
  h.finish("w", 2);
  h.finish("w", 3);
  EXPECT_EQ(h.study("t"), StudyState::succeeded);
}

TEST(Scheduler, ACancelledStudyCanBeSubmittedAgain) {
  Harness h;
  h.submit_chain("s", {1, 2});
  h.fire(StudyCancelled{"s"});
  EXPECT_TRUE(h.all<JobDoomed>().empty());
  h.submit_chain("s", {1, 2});
  EXPECT_EQ(h.study("s"), StudyState::queued);
  EXPECT_EQ(h.job(1), JobState::queued);
  EXPECT_EQ(h.job(2), JobState::blocked);
}

TEST(Scheduler, AKnownResultNeedsNoAttempt) {
  Harness h;
  h.submit_chain("s", {1, 2});
  h.fire(ResultRecorded{key_of(1)});
  EXPECT_EQ(h.job(1), JobState::succeeded);
  EXPECT_EQ(h.job(2), JobState::queued);
}

TEST(Scheduler, DrainingAndPausedGetNothingNew) {
  Harness h;
  h.connect("w", 2);
  h.fire(WorkerDraining{"w"});
  h.submit("s", {1});
  EXPECT_EQ(h.job(1), JobState::queued);
  h.fire(Paused{true});
  h.connect("v", 1);
  EXPECT_EQ(h.job(1), JobState::queued);
  h.fire(Paused{false});
  EXPECT_EQ(h.job(1), JobState::running);
}

TEST(Scheduler, RestoresEveryStateAndHealsWhatDoesNotFit) {
  Harness h;
  Restored restored;
  restored.now = 50;
  const auto add = [&](std::uint32_t number, JobState state, std::vector<Key> inputs = {}) {
    restored.jobs.push_back({{key_of(number), "noop", 0, true, std::move(inputs)}, state, 1, 0, "w", true});
  };
  add(1, JobState::succeeded);
  add(2, JobState::running, {key_of(1)});
  add(3, JobState::blocked, {key_of(1)});  // could run: healed
  add(4, JobState::failed);
  add(5, JobState::blocked, {key_of(4)});
  restored.studies.push_back(
      {"s", StudyState::running, {JobIndex{0}, JobIndex{1}, JobIndex{2}, JobIndex{3}, JobIndex{4}}});
  h.fire(restored);
  EXPECT_EQ(h.job(3), JobState::queued);
  EXPECT_EQ(h.state.studies[0].open, 2U);
  h.connect("w", 1, 0, {{key_of(2), 1}});
  EXPECT_EQ(h.job(2), JobState::running);
  h.finish("w", 2, 1);
  EXPECT_EQ(h.verdict(), Verdict::recorded);
  h.finish("w", 3, 2);
  EXPECT_EQ(h.study("s"), StudyState::failed);
}

TEST(Scheduler, RefusesInputsThatNobodySubmitted) {
  State state;
  Effects effects;
  EXPECT_THROW(on_event(state, JobsSubmitted{"s", {{key_of(2), "noop", 0, true, {key_of(1)}}}}, effects), Error);
}

TEST(SchedulerIds, KeysAreRead) {
  const std::string hex(64, 'a');
  EXPECT_EQ(to_hex(parse_key(hex)), hex);
  EXPECT_THROW(parse_key("abc"), Error);
  EXPECT_EQ(job_state_from("blocked"), JobState::blocked);
  EXPECT_THROW(study_state_from("blocked"), Error);
}

}  // namespace
}  // namespace checkerlab::coordinator::scheduler
