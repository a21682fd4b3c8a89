// Who goes first: priorities, deadlines, and fair shares of users and studies.
#include <gtest/gtest.h>

#include "coordinator/scheduler/testing/harness.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

using testing::Harness;
using testing::key_of;

std::vector<std::uint32_t> range(std::uint32_t first, std::uint32_t count) {
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t number = first; number < first + count; ++number)
    numbers.push_back(number);
  return numbers;
}

std::uint32_t number_of(const Key& key) {
  return key[0] | key[1] << 8U | key[2] << 16U;
}

// Lets `rounds` jobs end, each after its `lengths(number)`; gives the numbers in the order in which they ran.
template <class Length>
std::vector<std::uint32_t> work(Harness& h, int rounds, Length&& length) {
  std::vector<std::uint32_t> order;
  for (int i = 0; i < rounds; ++i) {
    const Worker& worker = h.state.workers[0];
    if (worker.holds.empty()) break;
    const Hold hold = worker.holds.front();
    order.push_back(number_of(h.state.job(hold.job).key));
    h.pass_alive(length(order.back()));
    h.fire(AttemptFinished{"w", {h.state.job(hold.job).key, hold.number}, Outcome::succeeded});
  }
  return order;
}

long count_below(const std::vector<std::uint32_t>& numbers, std::uint32_t limit) {
  return std::count_if(numbers.begin(), numbers.end(), [&](std::uint32_t number) { return number < limit; });
}

StudyOrder order(std::int16_t priority, const std::string& owner = "", Millis deadline = kNever) {
  return {priority, deadline, owner};
}

TEST(Fairness, AHigherPriorityGoesFirstWhateverTheShare) {
  Harness h;
  h.submit("a", range(1, 20));
  h.submit_placed("b", range(100, 20), {}, order(1));
  h.connect("w", 1);
  EXPECT_EQ(count_below(work(h, 20, [](auto) { return 1'000; }), 100), 0);
}

TEST(Fairness, APriorityCanBeChangedLater) {
  Harness h;
  h.submit("a", range(1, 20));
  h.submit("b", range(100, 20));
  h.fire(StudyReordered{"b", order(5)});
  h.connect("w", 1);
  EXPECT_EQ(count_below(work(h, 10, [](auto) { return 1'000; }), 100), 0);
  h.fire(StudyReordered{"b", order(-5)});
  work(h, 1, [](auto) { return 1'000; });  // this one ran already
  EXPECT_EQ(count_below(work(h, 9, [](auto) { return 1'000; }), 100), 9);
}

TEST(Fairness, StudiesOfEqualPriorityTakeTurns) {
  Harness h;
  h.submit("a", range(1, 50));
  h.submit("b", range(100, 50));
  h.connect("w", 1);
  EXPECT_EQ(count_below(work(h, 20, [](auto) { return 0; }), 100), 10);
}

TEST(Fairness, ASharesMeasureIsTimeNotJobs) {
  Harness h;
  h.submit("a", range(1, 90));
  h.submit("b", range(100, 90));
  h.connect("w", 1);
  // The jobs of b are nine times as long.
  const auto ran = work(h, 40, [](std::uint32_t number) { return number < 100 ? 1'000 : 9'000; });
  EXPECT_NEAR(static_cast<double>(count_below(ran, 100)), 36, 2);
}

TEST(Fairness, UsersShareWhateverTheNumberOfTheirStudies) {
  Harness h;
  h.submit_placed("a1", range(1, 30), {}, order(0, "anna"));
  h.submit_placed("a2", range(40, 30), {}, order(0, "anna"));
  h.submit_placed("a3", range(70, 30), {}, order(0, "anna"));
  h.submit_placed("b", range(100, 30), {}, order(0, "bert"));
  h.connect("w", 1);
  EXPECT_EQ(count_below(work(h, 20, [](auto) { return 1'000; }), 100), 10);
}

TEST(Fairness, AStudyThatComesLaterNeitherMonopolisesNorStarves) {
  Harness h;
  h.submit("a", range(1, 200));
  h.connect("w", 1);
  work(h, 50, [](auto) { return 10'000; });
  h.submit("b", range(1000, 50));
  const auto ran = work(h, 20, [](auto) { return 10'000; });
  EXPECT_NEAR(static_cast<double>(count_below(ran, 1000)), 10, 1);
}

TEST(Fairness, ANearDeadlineGoesBeforeItsEqualsAndAFarOneDoesNot) {
  Harness h;
  const Millis day = 86'400'000;
  h.submit("a", range(1, 20));
  h.submit_placed("far", range(100, 20), {}, order(0, "", h.state.now + 10 * day));
  h.submit_placed("near", range(200, 5), {}, order(0, "", h.state.now + day / 2));
  h.submit_placed("first", range(300, 5), {}, order(0, "", h.state.now + day / 4));
  h.connect("w", 1);
  const auto ran = work(h, 20, [](auto) { return 1'000; });
  for (int i = 0; i < 5; ++i) {
    EXPECT_GE(ran[static_cast<std::size_t>(i)], 300U);
    EXPECT_GE(ran[static_cast<std::size_t>(i + 5)], 200U);
  }
  EXPECT_EQ(count_below({ran.begin() + 10, ran.end()}, 100), 5);
}

TEST(Fairness, AJobOfSeveralStudiesRunsAtTheBestOfTheirTurns) {
  Harness h;
  h.submit("a", range(1, 20));
  h.submit_placed("b", {10}, {}, order(3));
  h.connect("w", 1);
  EXPECT_EQ(h.job(10), JobState::running);
  h.fire(StudyCancelled{"b"});
  EXPECT_EQ(h.job(10), JobState::running);  // the other study wants it too
}

TEST(Fairness, KindsStandInTheirOrderWithinAStudy) {
  Harness h;
  h.fire(JobsSubmitted{
      "s",
      {{key_of(1), "noop", 0, true, {}}, {key_of(2), "noop", 20, true, {}}, {key_of(3), "noop", 0, true, {}}},
      std::nullopt});
  h.connect("w", 1);
  EXPECT_EQ(work(h, 3, [](auto) { return 0; }), (std::vector<std::uint32_t>{2, 1, 3}));
}

TEST(Fairness, AnOrderIsRestored) {
  Harness h;
  Restored restored{50, {}, {}, {}, {}};
  for (const std::uint32_t number : {1U, 2U})
    restored.jobs.push_back({{key_of(number), "noop", 0, true, {}}, JobState::queued, 0, 0, "", false});
  restored.studies.push_back({"a", StudyState::running, {JobIndex{0}}});
  restored.studies.push_back({"b", StudyState::running, {JobIndex{1}}, order(7, "bert")});
  h.fire(restored);
  h.connect("w", 1);
  EXPECT_EQ(h.job(2), JobState::running);
}

}  // namespace
}  // namespace checkerlab::coordinator::scheduler
