// Which worker a job goes to: labels, memory, and what a worker had before.
#include <gtest/gtest.h>

#include "coordinator/scheduler/testing/harness.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

using testing::Harness;
using testing::key_of;

constexpr std::uint64_t kGib = 1ULL << 30U;

Placement labelled(Labels labels) {
  return {.labels = std::move(labels), .memory_bytes = 0, .time_limit = 0};
}
Placement sized(std::uint64_t gib) {
  return {.labels = {}, .memory_bytes = gib * kGib, .time_limit = 0};
}

TEST(Placement, OnlyAWorkerWithAllLabelsGetsTheJob) {
  Harness h;
  h.connect_with("a", 1, {{"gpu", "h100"}});
  h.connect_with("b", 1, {{"gpu", "a100"}, {"site", "x"}});
  h.submit_placed("s", {1}, labelled({{"gpu", "h100"}, {"site", "x"}}));
  EXPECT_EQ(h.job(1), JobState::queued);
  h.connect_with("c", 1, {{"gpu", "h100"}, {"site", "x"}, {"more", "yes"}});
  EXPECT_EQ(h.job(1), JobState::running);
}

TEST(Placement, JobsShareADeviceByTheMemoryTheyState) {
  Harness h;
  h.connect_with("w", 8, {}, 80 * kGib);
  h.submit_placed("s", {1, 2, 3, 4, 5}, sized(30));
  EXPECT_EQ(h.state.running_count, 2U);
  h.submit_placed("t", {10, 11}, sized(10));
  EXPECT_EQ(h.job(10), JobState::running);
  EXPECT_EQ(h.job(11), JobState::running);
  EXPECT_EQ(h.state.workers[0].memory_used, 80 * kGib);
  h.finish("w", 1);
  EXPECT_EQ(h.job(3), JobState::running);
}

TEST(Placement, AJobTooLargeForTheDeviceWaitsForAnother) {
  Harness h;
  h.connect_with("small", 4, {}, 16 * kGib);
  h.connect_with("unknown", 4, {});
  h.submit_placed("s", {1}, sized(40));
  EXPECT_EQ(h.job(1), JobState::queued);
  h.connect_with("large", 1, {}, 40 * kGib);
  EXPECT_EQ(h.job(1), JobState::running);
}

TEST(Placement, SmallJobsDoNotStarveALargeOne) {
  Harness h;
  h.connect_with("w", 4, {}, 40 * kGib);
  std::vector<std::uint32_t> small;
  for (std::uint32_t number = 1; number <= 200; ++number)
    small.push_back(number);
  h.submit_placed("small", small, sized(10));
  h.submit_placed("large", {1000}, sized(40), StudyOrder{1, kNever, ""});
  std::uint32_t ended = 0;
  for (; h.job(1000) != JobState::running && ended < 200; ++ended) {
    const Hold hold = h.state.workers[0].holds.front();
    h.fire(AttemptFinished{"w", {h.state.job(hold.job).key, hold.number}, Outcome::succeeded});
  }
  EXPECT_EQ(h.job(1000), JobState::running);
  EXPECT_LE(ended, h.state.limits.most_overtaken + 4);
}

TEST(Placement, WhatAStudyAsksForCanBeChangedBySubmittingAgain) {
  Harness h;
  h.connect_with("w", 1, {});
  h.submit_placed("s", {1}, labelled({{"gpu", "h100"}}));
  EXPECT_EQ(h.job(1), JobState::queued);
  h.submit_placed("s", {1}, {});
  EXPECT_EQ(h.job(1), JobState::running);
}

TEST(Placement, AWorkerPrefersJobsWhoseInputsItHad) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1, 2});  // two models
  h.finish("w", 1);
  h.finish("w", 2);
  JobsSubmitted event{"t", {}, std::nullopt};
  for (std::uint32_t number = 10; number < 18; ++number)  // taking turns in the queue
    event.jobs.push_back({key_of(number), "noop", 0, true, {key_of(number % 2 == 0 ? 1 : 2)}});
  h.fire(event);
  std::vector<std::uint32_t> order;
  for (int i = 0; i < 8; ++i) {
    const Hold hold = h.state.workers[0].holds.front();
    order.push_back(h.state.job(hold.job).key[0]);
    h.fire(AttemptFinished{"w", {h.state.job(hold.job).key, hold.number}, Outcome::succeeded});
  }
  EXPECT_EQ(order, (std::vector<std::uint32_t>{10, 12, 14, 16, 11, 13, 15, 17}));
}

TEST(Placement, TheFrontOfTheQueueIsPassedOverABoundedNumberOfTimes) {
  ReadyQueue queue;
  for (std::uint32_t i = 0; i < 200; ++i)
    queue.push(ShapeIndex{0}, StudyIndex{0}, 0, static_cast<JobIndex>(i), QueueEnd::back);
  const auto all = [](JobIndex) { return true; };
  std::uint32_t taken = 0;
  for (JobIndex job{1}; job != JobIndex{0}; ++taken)
    job = queue.take(ShapeIndex{0}, 0, all, [](JobIndex each) { return each == JobIndex{0} ? 0 : 1; });
  EXPECT_EQ(taken, ReadyQueue::kMostPassed + 1);
}

TEST(Placement, LanesGoWhenTheyAreEmptyOrDropped) {
  ReadyQueue queue;
  queue.push(ShapeIndex{1}, StudyIndex{3}, 0, JobIndex{7}, QueueEnd::back);
  queue.push(ShapeIndex{1}, StudyIndex{4}, 0, JobIndex{8}, QueueEnd::back);
  EXPECT_TRUE(queue.contains(ShapeIndex{1}, StudyIndex{3}, JobIndex{7}));
  queue.drop(StudyIndex{3});
  EXPECT_FALSE(queue.has_lanes(StudyIndex{3}));
  ASSERT_EQ(queue.lanes(ShapeIndex{1}), 1U);
  EXPECT_FALSE(queue.head(ShapeIndex{1}, 0, [](JobIndex) { return false; }));
  EXPECT_EQ(queue.lanes(ShapeIndex{1}), 0U);
  EXPECT_FALSE(queue.has_lanes(StudyIndex{4}));
}

}  // namespace
}  // namespace checkerlab::coordinator::scheduler
