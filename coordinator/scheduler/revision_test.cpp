// Studies that change while they run: other jobs, the failed ones again, a rest, a pinned code version.
#include "coordinator/scheduler/revision.hpp"

#include <gtest/gtest.h>

#include "coordinator/scheduler/testing/harness.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

using testing::Harness;
using testing::key_of;

NewJob job(std::uint32_t number, std::vector<std::uint32_t> inputs = {}) {
  NewJob added{key_of(number), "noop", 0, true, {}};
  for (const std::uint32_t input : inputs)
    added.inputs.push_back(key_of(input));
  return added;
}

TEST(Revision, AddsRemovesAndSharesWithoutTouchingWhatIsDone) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1, 2, 3});
  h.finish("w", 1);
  h.fire(StudyRevised{"s", {job(1), job(3), job(4)}});
  EXPECT_EQ(h.job(1), JobState::succeeded);
  EXPECT_EQ(h.job(2), JobState::cancelled);
  EXPECT_EQ(h.all<CancelAttempt>().size(), 1U);  // 2 ran
  EXPECT_EQ(h.study("s"), StudyState::running);
  h.finish("w", 2, 1);
  EXPECT_EQ(h.verdict(), Verdict::stale);
  h.finish("w", 3);
  h.finish("w", 4);
  EXPECT_EQ(h.study("s"), StudyState::succeeded);
  EXPECT_EQ(h.state.job(*h.state.find_job(key_of(1))).attempt, 1U);
}

TEST(Revision, WhatAnotherStudyNeedsGoesOn) {
  Harness h;
  h.connect("w", 2);
  h.submit("s", {1, 2});
  h.submit("t", {2});
  h.fire(StudyRevised{"s", {job(1)}});
  EXPECT_EQ(h.job(2), JobState::running);
  h.finish("w", 2);
  EXPECT_EQ(h.study("t"), StudyState::succeeded);
  EXPECT_EQ(h.study("s"), StudyState::running);
}

TEST(Revision, AFinishedStudyRunsAgainForItsNewJobsOnly) {
  Harness h;
  h.connect("w", 4);
  h.submit("s", {1});
  h.finish("w", 1);
  ASSERT_EQ(h.study("s"), StudyState::succeeded);
  h.fire(StudyRevised{"s", {job(1), job(2, {1})}});
  EXPECT_EQ(h.study("s"), StudyState::running);
  ASSERT_EQ(h.all<Assign>().size(), 1U);
  EXPECT_EQ(h.all<Assign>()[0].job, *h.state.find_job(key_of(2)));
  h.finish("w", 2);
  EXPECT_EQ(h.study("s"), StudyState::succeeded);
  h.fire(StudyRevised{"s", {job(1)}});
  EXPECT_EQ(h.study("s"), StudyState::succeeded);
  h.fire(StudyRevised{"s", {job(1), job(2, {1})}});  // its result comes back
  EXPECT_EQ(h.study("s"), StudyState::succeeded);
  EXPECT_TRUE(h.all<Assign>().empty());
}

TEST(Revision, WhatFailedStaysSoUnlessAJobThatJoinsNeedsIt) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1});
  h.finish("w", 1, 1, Outcome::failed);
  h.fire(StudyRevised{"s", {job(1), job(2)}});
  EXPECT_EQ(h.job(1), JobState::failed);
  h.finish("w", 2);
  EXPECT_EQ(h.study("s"), StudyState::failed);
  h.fire(StudyRevised{"s", {job(1), job(2), job(3, {1})}});
  EXPECT_EQ(h.job(1), JobState::running);
  EXPECT_EQ(h.job(3), JobState::blocked);
}

TEST(Revision, ACancelledStudyGoesOnAsItIsNow) {
  Harness h;
  h.submit("s", {1, 2});
  h.fire(StudyCancelled{"s"});
  h.fire(StudyRevised{"s", {job(2), job(3)}});
  EXPECT_EQ(h.job(1), JobState::cancelled);
  EXPECT_EQ(h.job(2), JobState::queued);
  EXPECT_EQ(h.job(3), JobState::queued);
  EXPECT_EQ(h.study("s"), StudyState::queued);
}

TEST(Rerun, StartsFailedJobsAndRevivesWhatWaitsForThem) {
  Harness h;
  h.connect("w", 1);
  h.submit_chain("s", {1, 2, 3});
  h.finish("w", 1, 1, Outcome::failed);
  h.fire(JobsRerun{"s", {key_of(3)}});  // through its inputs
  EXPECT_EQ(h.job(1), JobState::running);
  EXPECT_EQ(h.all<JobRevived>().size(), 2U);
  for (const std::uint32_t number : {1U, 2U, 3U})
    h.finish("w", number, number == 1 ? 2 : 1);
  EXPECT_EQ(h.study("s"), StudyState::succeeded);
}

TEST(Rerun, NeverRunsWhatSucceededOrStillRuns) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1, 2});
  h.finish("w", 1);
  h.fire(JobsRerun{"s", {key_of(1), key_of(2), key_of(9)}});
  EXPECT_TRUE(h.effects.empty());
  h.submit("t", {3});
  h.fire(StudyCancelled{"t"});
  h.fire(JobsRerun{"s", {key_of(3)}});  // not of this study
  EXPECT_TRUE(h.effects.empty());
}

TEST(Rerun, ReopensACancelledStudyForTheJobsAskedForOnly) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1, 2});
  h.fire(StudyCancelled{"s"});
  h.finish("w", 1, 1);  // it had to go first
  h.fire(JobsRerun{"s", {key_of(2)}});
  EXPECT_EQ(h.job(1), JobState::cancelled);
  EXPECT_EQ(h.job(2), JobState::running);
  h.finish("w", 2);
  EXPECT_EQ(h.study("s"), StudyState::failed);  // 1 is missing
}

TEST(Pause, StartsNothingMoreAndLeavesWhatRuns) {
  Harness h;
  h.connect("w", 1, 1);
  h.submit("s", {1, 2, 3});
  h.start("w", 1);
  h.fire(StudyPaused{"s"});
  EXPECT_EQ(h.job(1), JobState::running);
  EXPECT_EQ(h.job(2), JobState::queued);  // it waited at the worker and is taken back
  EXPECT_EQ(h.state.ready_count, 0U);
  h.finish("w", 2);
  h.finish("w", 1);
  EXPECT_EQ(h.state.running_count, 0U);
  EXPECT_EQ(h.study("s"), StudyState::running);
  h.fire(StudyPaused{"s", false});
  EXPECT_EQ(h.job(2), JobState::running);
  EXPECT_EQ(h.state.job(*h.state.find_job(key_of(2))).tries, 0);
}

TEST(Pause, CanTakeRunningJobsBack) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1});
  h.start("w", 1);
  h.fire(StudyPaused{"s", true, true});
  ASSERT_EQ(h.all<CancelAttempt>().size(), 1U);
  EXPECT_EQ(h.all<CancelAttempt>()[0].reason, Reason::paused);
  ASSERT_EQ(h.all<AttemptEnded>().size(), 1U);
  EXPECT_EQ(h.all<AttemptEnded>()[0].end, AttemptEnd::preempted);
  EXPECT_EQ(h.job(1), JobState::queued);
  h.fire(StudyPaused{"s", false});
  EXPECT_EQ(h.job(1), JobState::queued);  // the worker has not let go yet
  h.finish("w", 1, 1);
  EXPECT_EQ(h.job(1), JobState::running);
  h.finish("w", 1, 2);
  EXPECT_EQ(h.study("s"), StudyState::succeeded);
}

TEST(Pause, DoesNotHoldWhatAnotherStudyWants) {
  Harness h;
  h.submit("s", {1, 2});
  h.submit("t", {2, 3});
  h.fire(StudyPaused{"s", true, true});
  h.connect("w", 4);
  EXPECT_EQ(h.job(1), JobState::queued);
  EXPECT_EQ(h.job(2), JobState::running);
  EXPECT_EQ(h.job(3), JobState::running);
  h.start("w", 2);
  h.fire(StudyPaused{"t"});
  EXPECT_EQ(h.job(2), JobState::running);
  EXPECT_EQ(h.job(3), JobState::queued);
  h.submit("u", {1});
  EXPECT_EQ(h.job(1), JobState::running);
}

TEST(Pause, SavesUpNoShare) {
  Harness h;
  h.submit("paused", {1, 2, 3, 4});
  h.fire(StudyPaused{"paused"});
  h.connect("w", 1);
  h.submit("busy", {11, 12, 13, 14, 15, 16, 17, 18});
  for (const std::uint32_t number : {11U, 12U, 13U, 14U}) {
    h.pass_alive(10'000);
    h.finish("w", number);
  }
  h.fire(StudyPaused{"paused", false});
  h.pass_alive(10'000);
  h.finish("w", 15);
  EXPECT_EQ(h.job(1), JobState::running);
  h.pass_alive(20'000);
  h.finish("w", 1);
  EXPECT_EQ(h.job(16), JobState::running);  // and not all of the other first
}

TEST(Pause, OfAStudyThatIsOverDoesNothingAndCancellingEndsIt) {
  Harness h;
  h.submit("s", {1});
  h.fire(StudyPaused{"s"});
  h.fire(StudyCancelled{"s"});
  EXPECT_FALSE(h.state.studies[0].paused);
  h.fire(StudyPaused{"s"});
  EXPECT_FALSE(h.state.studies[0].paused);
}

// A worker of this code version.
WorkerConnected hello(const std::string& worker, std::uint32_t slots, const std::string& code) {
  return {.worker = worker, .slots = slots, .kinds = {"noop"}, .held = {}, .code = code};
}

JobsSubmitted pinned(const std::string& study, std::vector<NewJob> jobs, const std::string& code) {
  return {.study = study, .jobs = std::move(jobs), .code = code};
}

StudyRevised revised(std::vector<NewJob> jobs, const std::string& code) {
  return {.study = "s", .jobs = std::move(jobs), .code = code};
}

TEST(Pin, GivesJobsToWorkersOfThatCodeVersionOnly) {
  Harness h;
  h.fire(hello("old", 2, "1"));
  h.fire(pinned("s", {job(1), job(2)}, "2"));
  h.submit("t", {3});
  EXPECT_EQ(h.job(1), JobState::queued);
  EXPECT_EQ(h.job(3), JobState::running);  // pinned jobs before it do not stand in its way
  h.fire(hello("new", 1, "2"));
  EXPECT_EQ(h.job(1), JobState::running);
  h.finish("new", 1);
  EXPECT_EQ(h.job(2), JobState::running);
}

TEST(Pin, CanBeChangedWhileJobsWait) {
  Harness h;
  h.fire(hello("old", 2, "1"));
  h.fire(pinned("s", {job(1)}, "2"));
  h.fire(revised({job(1)}, "3"));
  h.fire(revised({job(1)}, "2"));
  EXPECT_EQ(h.job(1), JobState::queued);
  h.fire(StudyRevised{"s", {job(1)}});
  EXPECT_EQ(h.job(1), JobState::queued);  // nothing said: as it was
  h.fire(revised({job(1)}, ""));
  EXPECT_EQ(h.job(1), JobState::running);
}

TEST(Pin, AJobThatSeveralWantRunsWhereAnyOfThemAllows) {
  Harness h;
  h.fire(pinned("s", {job(1), job(2)}, "1"));
  h.fire(pinned("t", {job(1)}, "2"));
  h.fire(hello("three", 4, "3"));
  EXPECT_EQ(h.state.running_count, 0U);
  h.fire(hello("two", 4, "2"));
  EXPECT_EQ(h.job(1), JobState::running);
  EXPECT_EQ(h.job(2), JobState::queued);
  h.submit("u", {2});
  EXPECT_EQ(h.job(2), JobState::running);
}

TEST(Pin, OfAStudyThatLeftTheJobOrIsPausedDoesNotCount) {
  Harness h;
  h.fire(pinned("s", {job(1), job(2)}, "1"));
  h.fire(pinned("t", {job(1), job(2)}, "2"));
  h.fire(revised({job(2)}, "1"));  // s has no more of 1
  h.fire(hello("one", 4, "1"));
  EXPECT_EQ(h.job(1), JobState::queued);
  EXPECT_EQ(h.job(2), JobState::running);
  h.fire(StudyPaused{"t"});
  h.fire(hello("two", 4, "2"));
  EXPECT_EQ(h.job(1), JobState::queued);
  h.fire(StudyPaused{"t", false});
  EXPECT_EQ(h.job(1), JobState::running);
}

TEST(Restore, BringsBackPausesAndPins) {
  Harness h;
  h.fire(hello("w", 4, "1"));
  const auto waiting = [](std::uint32_t number) { return RestoredJob{job(number), JobState::queued, 0, 0, "", false}; };
  h.fire(Restored{0,
                  {waiting(1), waiting(2), waiting(3)},
                  {{"s", StudyState::queued, {JobIndex{0}}, {}, true},
                   {"t", StudyState::queued, {JobIndex{1}}, {}, false, "2"},
                   {"u", StudyState::queued, {JobIndex{2}}}}});
  EXPECT_EQ(h.job(1), JobState::queued);
  EXPECT_EQ(h.job(2), JobState::queued);
  EXPECT_EQ(h.job(3), JobState::running);
}

}  // namespace
}  // namespace checkerlab::coordinator::scheduler
