#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/scheduler/gang_dispatch.hpp"
#include "coordinator/scheduler/testing/harness.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

using ::testing::ElementsAre;
using testing::Harness;
using ::testing::IsEmpty;
using testing::key_of;

Placement ranks(std::uint32_t least, std::uint32_t most, Millis time_limit = 0) {
  Placement placement;
  placement.least_ranks = least;
  placement.most_ranks = most;
  placement.time_limit = time_limit;
  return placement;
}

Placement limited(Millis time_limit) {
  return ranks(1, 1, time_limit);
}

// Who was given the job just now, by rank.
std::vector<std::string> given(const Harness& h, std::uint32_t number) {
  std::vector<std::string> workers;
  for (const Assign& assign : h.all<Assign>()) {
    if (h.state.job(assign.job).key != key_of(number)) continue;
    EXPECT_EQ(assign.rank, workers.size());
    workers.push_back(h.state.worker(assign.worker).id);
  }
  return workers;
}

// Who was told to stop the job just now.
std::vector<std::string> stopped(const Harness& h, std::uint32_t number) {
  std::vector<std::string> workers;
  for (const CancelAttempt& cancel : h.all<CancelAttempt>()) {
    if (cancel.attempt.key == key_of(number)) workers.push_back(h.state.worker(cancel.worker).id);
  }
  return workers;
}

std::vector<AttemptEnd> ends(const Harness& h) {
  std::vector<AttemptEnd> found;
  for (const AttemptEnded& ended : h.all<AttemptEnded>())
    found.push_back(ended.end);
  return found;
}

std::size_t holds(const Harness& h, const std::string& worker) {
  return h.state.worker(*h.state.find_worker(worker)).holds.size();
}

// The worker's first attempt ends well.
void end_one(Harness& h, const std::string& worker) {
  const Hold hold = h.state.worker(*h.state.find_worker(worker)).holds.front();
  h.fire(AttemptFinished{worker, {h.state.job(hold.job).key, hold.number}, Outcome::succeeded});
}

// Three workers do the job 1 together.
Harness three_together() {
  Harness h;
  for (const char* name : {"a", "b", "c"})
    h.connect(name, 1);
  h.submit_placed("s", {1}, ranks(2, 3));
  return h;
}

TEST(Gang, StartsAtOnceOnAsManyWorkersAsAreFree) {
  Harness h = three_together();
  EXPECT_THAT(given(h, 1), ElementsAre("a", "b", "c"));
  EXPECT_EQ(h.state.study(*h.state.find_study("s")).share.running, 3U);
  EXPECT_EQ(h.job(1), JobState::running);
}

TEST(Gang, WaitsUntilTheLeastNumberIsFree) {
  Harness h;
  h.connect("a", 1);
  h.submit_placed("s", {1}, ranks(2, 4));
  EXPECT_EQ(h.job(1), JobState::queued);
  h.connect("b", 1);
  EXPECT_THAT(given(h, 1), ElementsAre("a", "b"));
}

TEST(Gang, ATakerOfOneOrMoreStartsAlone) {
  Harness h;
  h.connect("a", 2);
  h.submit_placed("s", {1}, ranks(1, 4));
  EXPECT_THAT(given(h, 1), ElementsAre("a"));
  EXPECT_EQ(h.all<Assign>().front().size, 1U);
}

TEST(Gang, IsOfOneCodeVersionAndSuitsAllWorkers) {
  Harness h;
  const auto connect = [&](const std::string& name, const std::string& code, std::uint64_t memory) {
    h.fire(WorkerConnected{name, 1, 0, {"noop"}, {}, name, {}, memory, code});
  };
  Placement asked = ranks(2, 4);
  asked.memory_bytes = 10;
  h.submit_placed("s", {1}, asked);
  connect("a", "v1", 10);
  connect("b", "v2", 10);
  connect("c", "v1", 5);
  EXPECT_EQ(h.job(1), JobState::queued);
  connect("d", "v2", 10);
  EXPECT_THAT(given(h, 1), ElementsAre("b", "d"));
}

TEST(Gang, IsNeverPrefetched) {
  Harness h;
  h.connect("a", 1, 2);
  h.connect("b", 1, 2);
  h.submit("x", {10, 11});
  h.submit_placed("s", {1}, ranks(2, 2));
  EXPECT_EQ(h.job(1), JobState::queued);
  h.submit_placed("late", {12}, {});
  EXPECT_EQ(h.job(12), JobState::queued) << "put in front of a gang";
}

TEST(Gang, TheLeadersSuccessIsTheJobs) {
  Harness h = three_together();
  h.finish("b", 1);
  EXPECT_EQ(h.verdict(), Verdict::recorded);
  EXPECT_THAT(ends(h), IsEmpty());
  ASSERT_EQ(h.all<RankDone>().size(), 1U);
  EXPECT_EQ(h.all<RankDone>().front().rank, 1U);
  EXPECT_EQ(holds(h, "b"), 0U);
  h.finish("b", 1);
  EXPECT_EQ(h.verdict(), Verdict::duplicate) << "said again";
  h.finish("a", 1);
  EXPECT_EQ(h.job(1), JobState::succeeded);
  EXPECT_THAT(ends(h), ElementsAre(AttemptEnd::succeeded));
  EXPECT_THAT(stopped(h, 1), IsEmpty()) << "they end by themselves";
  EXPECT_EQ(holds(h, "c"), 1U);
  h.finish("c", 1);
  EXPECT_EQ(h.verdict(), Verdict::duplicate);
  EXPECT_EQ(holds(h, "c"), 0U);
}

TEST(Gang, ARankThatHangsAfterTheLeadersSuccessIsToldToStop) {
  Harness h = three_together();
  h.finish("a", 1);
  h.fire(Heartbeat{"b", {{key_of(1), 1}}});
  ASSERT_THAT(stopped(h, 1), ElementsAre("b"));
  EXPECT_EQ(h.all<CancelAttempt>().front().reason, Reason::result_known);
  h.finish("b", 1, 1, Outcome::crashed);
  EXPECT_EQ(h.verdict(), Verdict::stale);
  EXPECT_EQ(h.job(1), JobState::succeeded);
}

TEST(Gang, OneThatCrashesEndsItForAll) {
  Harness h = three_together();
  h.start("a", 1);
  h.finish("c", 1, 1, Outcome::crashed);
  EXPECT_THAT(ends(h), ElementsAre(AttemptEnd::crashed));
  EXPECT_THAT(stopped(h, 1), ElementsAre("a", "b"));
  EXPECT_EQ(h.details(1).tries, 1);
  // The crashes that follow are nobody's.
  h.finish("a", 1, 1, Outcome::crashed);
  h.finish("b", 1, 1, Outcome::crashed);
  EXPECT_EQ(h.details(1).tries, 1);
  EXPECT_THAT(h.state.worker(*h.state.find_worker("a")).crashes, IsEmpty());
  EXPECT_EQ(h.state.worker(*h.state.find_worker("c")).crashes.size(), 1U);
  h.pass(3'000);
  EXPECT_THAT(given(h, 1), ElementsAre("a", "b", "c"));
}

TEST(Gang, GoesOnWithFewerWhenAWorkerIsLost) {
  Harness h = three_together();
  for (const char* name : {"a", "b", "c"})
    h.start(name, 1);
  h.connect("c", 1);  // a new process that knows nothing of it
  EXPECT_THAT(ends(h), ElementsAre(AttemptEnd::lost));
  EXPECT_EQ(h.details(1).losses, 1);
  h.fire(WorkerDisconnected{"c"});
  h.finish("a", 1, 1, Outcome::preempted);
  EXPECT_EQ(h.verdict(), Verdict::stale);
  EXPECT_EQ(h.job(1), JobState::queued);
  h.finish("b", 1, 1, Outcome::preempted);
  EXPECT_THAT(given(h, 1), ElementsAre("a", "b"));
}

TEST(Gang, ALeaseThatEndsAnywhereEndsIt) {
  Harness h = three_together();
  for (int i = 0; i < 20; ++i) {
    h.fire(Tick{h.state.now + 1'000});
    if (h.job(1) != JobState::running) break;
    for (const char* name : {"a", "c"})
      h.fire(Heartbeat{name, {{key_of(1), 1}}});
  }
  EXPECT_EQ(h.details(1).attempt, 1U);
  EXPECT_THAT(stopped(h, 1), ElementsAre("a", "c"));
}

TEST(Gang, AWorkerThatStopsGivesItBackForAll) {
  Harness h = three_together();
  h.fire(WorkerDraining{"b"});
  EXPECT_EQ(h.job(1), JobState::running);
  h.finish("b", 1, 1, Outcome::preempted);
  EXPECT_THAT(ends(h), ElementsAre(AttemptEnd::preempted));
  EXPECT_THAT(stopped(h, 1), ElementsAre("a", "c"));
}

TEST(Gang, IsStoppedEverywhere) {
  Harness h = three_together();
  h.fire(StudyCancelled{"s"});
  EXPECT_THAT(stopped(h, 1), ElementsAre("a", "b", "c"));
  h = three_together();
  h.fire(StudyPaused{"s", true, true});
  EXPECT_THAT(stopped(h, 1), ElementsAre("a", "b", "c"));
  EXPECT_THAT(ends(h), ElementsAre(AttemptEnd::preempted));
}

TEST(Gang, ATimeLimitCountsAtEveryWorker) {
  Harness h;
  h.connect("a", 1);
  h.connect("b", 1);
  h.submit_placed("s", {1}, ranks(2, 2, 5'000));
  h.start("b", 1);
  h.pass_alive(6'000);
  EXPECT_EQ(h.job(1), JobState::failed);
}

// One worker after the other ends what it has; small jobs wait for all of them.
struct Busy {
  Busy() {
    h.connect("a", 1);
    h.connect("b", 1);
    std::vector<std::uint32_t> small;
    for (std::uint32_t number = 100; number < 200; ++number)
      small.push_back(number);
    h.submit_placed("small", small, {});
    h.submit_placed("gang", {1}, ranks(2, 2), StudyOrder{1, kNever, ""});
  }
  // Others go past the gang until workers are kept free for it.
  void pass_it() {
    for (std::uint32_t i = 0; i < h.state.limits.most_overtaken; ++i)
      end_one(h, i % 2 == 0 ? "a" : "b");
  }
  Harness h;
};

TEST(GangsAmongOthers, WorkersAreKeptFreeAfterEnoughHavePassed) {
  Busy busy;
  busy.pass_it();
  EXPECT_EQ(holds(busy.h, "a"), 1U);
  ASSERT_TRUE(busy.h.state.reservation);
  end_one(busy.h, "a");
  EXPECT_EQ(holds(busy.h, "a"), 0U);
  end_one(busy.h, "b");
  EXPECT_THAT(given(busy.h, 1), ElementsAre("a", "b"));
  EXPECT_FALSE(busy.h.state.reservation);
}

TEST(GangsAmongOthers, AReservationEndsWithItsReason) {
  Busy busy;
  busy.pass_it();
  end_one(busy.h, "a");
  ASSERT_EQ(holds(busy.h, "a"), 0U);
  busy.h.fire(StudyCancelled{"gang"});
  EXPECT_EQ(holds(busy.h, "a"), 1U);
  EXPECT_FALSE(busy.h.state.reservation);
}

TEST(GangsAmongOthers, NothingIsKeptFreeForAGangThatCanNeverStart) {
  Busy busy;
  busy.pass_it();
  end_one(busy.h, "a");
  busy.h.fire(Cordoned{"b", true});
  EXPECT_EQ(holds(busy.h, "a"), 1U);
  for (int i = 0; i < 40; ++i)
    end_one(busy.h, "a");
  EXPECT_EQ(holds(busy.h, "a"), 1U);
}

TEST(GangsAmongOthers, WhatEndsInTimeMayStillGoFirst) {
  Harness h;
  h.connect("a", 1);
  h.connect("b", 1);
  h.state.limits.most_overtaken = 1;
  h.submit_placed("long", {1}, limited(100'000));
  h.start("a", 1);
  h.submit_placed("s", {2, 7}, {});
  h.submit_placed("gang", {3}, ranks(2, 2), StudyOrder{1, kNever, ""});
  h.finish("b", 2);
  h.finish("b", 7);
  ASSERT_TRUE(h.state.reservation);
  h.submit_placed("s", {4}, limited(200'000));
  EXPECT_EQ(h.job(4), JobState::queued) << "it would hold the gang up";
  h.submit_placed("s", {5}, {});
  EXPECT_EQ(h.job(5), JobState::queued) << "nobody knows when it ends";
  h.submit_placed("s", {6}, limited(50'000));
  EXPECT_EQ(h.job(6), JobState::running);
}

TEST(GangsAmongOthers, TwoGangsDoNotWaitForEachOther) {
  Harness h;
  h.state.limits.most_overtaken = 1;
  for (const char* name : {"a", "b", "c"})
    h.connect(name, 1);
  h.submit_placed("s", {10, 11, 12}, {});
  h.submit_placed("first", {1}, ranks(3, 3), StudyOrder{2, kNever, ""});
  h.submit_placed("second", {2, 3}, ranks(2, 3), StudyOrder{1, kNever, ""});
  end_one(h, "a");
  end_one(h, "b");
  EXPECT_THAT(given(h, 2), ElementsAre("a", "b"));
  h.finish("a", 2);
  h.finish("b", 2);
  EXPECT_EQ(h.job(3), JobState::queued) << "a second one would go past the first";
  end_one(h, "c");
  EXPECT_THAT(given(h, 1), ElementsAre("a", "b", "c"));
}

TEST(GangsRestored, GoOnAndEndAsTheyWouldHave) {
  Harness h;
  Restored restored{0, {}, {{"s", StudyState::running, {JobIndex{0}}}}};
  RestoredJob job{{key_of(1), "noop", 0, true, {}, ranks(2, 3)}, JobState::running, 4, 0, "a", true};
  job.ranks = {{"a"}, {"b", true}, {"c"}};
  restored.jobs.push_back(job);
  h.fire(restored);
  EXPECT_EQ(holds(h, "b"), 0U);
  h.connect("a", 1, 0, {{key_of(1), 4}});
  h.connect("b", 1);
  EXPECT_EQ(h.job(1), JobState::running) << "its part was done";
  h.connect("c", 1);
  EXPECT_THAT(ends(h), ElementsAre(AttemptEnd::lost));
  EXPECT_THAT(stopped(h, 1), ElementsAre("a"));
}

}  // namespace
}  // namespace checkerlab::coordinator::scheduler
