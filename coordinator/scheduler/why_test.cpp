#include "coordinator/scheduler/why.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/scheduler/testing/harness.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

using ::testing::ElementsAre;
using testing::Harness;
using ::testing::HasSubstr;
using testing::key_of;

constexpr std::uint64_t kGib = 1ULL << 30U;

Explanation why_of(const Harness& h, std::uint32_t number) {
  return why(h.state, *h.state.find_job(key_of(number)));
}

std::string reason(const Harness& h, std::uint32_t job, const std::string& worker) {
  for (const WorkerAnswer& answer : why_of(h, job).workers) {
    if (h.state.worker(answer.worker).id == worker) return answer.reason;
  }
  return "";
}

TEST(Why, TellsWhichInputsAreMissing) {
  Harness h;
  h.submit_chain("s", {1, 2});
  const auto said = why_of(h, 2);
  EXPECT_EQ(said.summary, "It waits for 1 of its 1 inputs.");
  EXPECT_THAT(said.details, ElementsAre("It needs noop 010000000000 (queued)."));
  EXPECT_THAT(why_of(h, 1).summary, HasSubstr("no worker is connected"));
}

TEST(Why, TellsThatAnInputFailed) {
  Harness h;
  h.connect("w", 1);
  h.submit_chain("s", {1, 2, 3});
  h.finish("w", 1, 1, Outcome::failed);
  EXPECT_THAT(why_of(h, 1).summary, HasSubstr("failed"));
  EXPECT_THAT(why_of(h, 2).summary, HasSubstr("noop 010000000000 (failed)"));
  EXPECT_THAT(why_of(h, 3).summary, HasSubstr("noop 020000000000 (can never run)"));
}

TEST(Why, TellsWhereItRunsAndHowLongItMay) {
  Harness h;
  h.connect("w", 1, 1);
  h.submit_placed("s", {1, 2}, {.labels = {}, .memory_bytes = 0, .time_limit = 60'000});
  h.start("w", 1);
  EXPECT_EQ(why_of(h, 1).summary, "It runs at w.");
  EXPECT_THAT(why_of(h, 1).details, ElementsAre("Its time limit ends in 1 min 00 s."));
  EXPECT_THAT(why_of(h, 2).summary, HasSubstr("begins when a slot there is free"));
  h.fire(WorkerDisconnected{"w"});
  EXPECT_THAT(why_of(h, 2).details.at(0), HasSubstr("not connected"));
  h.connect("w", 1, 1, {{key_of(1), 1}});
  h.finish("w", 1);
  EXPECT_THAT(why_of(h, 1).summary, HasSubstr("done"));
}

TEST(Why, TellsWhenACrashIsTriedAgain) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1});
  h.finish("w", 1, 1, Outcome::crashed);
  EXPECT_EQ(why_of(h, 1).summary, "Its last attempt crashed (1 of 3 tries); it is tried again in 2 s.");
}

TEST(Why, AnswersForEveryConnectedWorker) {
  Harness h;
  h.connect_with("busy", 1, {{"gpu", "h100"}}, 80 * kGib);
  h.submit_placed("first", {50}, {.labels = {}, .memory_bytes = 60 * kGib, .time_limit = 0});
  h.connect_with("unlabelled", 1, {}, 80 * kGib);
  h.connect_with("small", 1, {{"gpu", "h100"}}, 16 * kGib);
  h.connect_with("silent", 1, {{"gpu", "h100"}});
  h.connect_with("cordoned", 1, {{"gpu", "h100"}}, 80 * kGib);
  h.fire(Cordoned{"cordoned", true});
  h.connect_with("draining", 1, {{"gpu", "h100"}}, 80 * kGib);
  h.fire(WorkerDraining{"draining"});
  h.fire(WorkerConnected{"trainer", 1, 0, {"train"}, {}});
  h.connect_with("gone", 1, {{"gpu", "h100"}}, 80 * kGib);
  h.fire(WorkerDisconnected{"gone"});
  h.submit_placed("s", {1}, {.labels = {{"gpu", "h100"}}, .memory_bytes = 40 * kGib, .time_limit = 0});
  EXPECT_EQ(why_of(h, 1).summary, "It is ready and waits for its turn at 1 of the 7 connected workers.");
  EXPECT_EQ(reason(h, 1, "busy"), "has all of its 1 slots busy");
  EXPECT_EQ(reason(h, 1, "unlabelled"), "lacks the label gpu=h100");
  EXPECT_EQ(reason(h, 1, "small"), "its device has 16 GiB; the job asks for 40 GiB");
  EXPECT_THAT(reason(h, 1, "silent"), HasSubstr("does not state its device's memory"));
  EXPECT_THAT(reason(h, 1, "cordoned"), HasSubstr("is cordoned"));
  EXPECT_THAT(reason(h, 1, "draining"), HasSubstr("is draining"));
  EXPECT_EQ(reason(h, 1, "trainer"), "does not do jobs of the kind noop");
  EXPECT_EQ(reason(h, 1, "gone"), "");
}

TEST(Why, TellsThatMemoryIsTaken) {
  Harness h;
  h.connect_with("w", 4, {}, 80 * kGib);
  h.submit_placed("s", {1, 2}, {.labels = {}, .memory_bytes = 50 * kGib, .time_limit = 0});
  EXPECT_EQ(reason(h, 2, "w"), "has 30 GiB of memory left; the job asks for 50 GiB");
}

TEST(Why, TellsThatNobodyCanRunIt) {
  Harness h;
  h.connect_with("w", 1, {});
  h.submit_placed("s", {1}, {.labels = {{"a", "b"}, {"c", "d"}}, .memory_bytes = 0, .time_limit = 0});
  EXPECT_EQ(why_of(h, 1).summary, "It is ready, but none of the 1 connected workers can run it.");
  EXPECT_EQ(reason(h, 1, "w"), "lacks the labels a=b, c=d");
}

TEST(Why, TellsOfPausedStudiesAndPinnedCode) {
  Harness h;
  h.fire({WorkerConnected{.worker = "old", .slots = 1, .kinds = {"noop"}, .held = {}, .name = "old", .code = "1.0"}});
  h.fire(JobsSubmitted{.study = "s", .jobs = {{key_of(1), "noop", 0, true, {}, {}}}, .code = "1.1"});
  EXPECT_EQ(why_of(h, 1).summary, "It is ready, but none of the 1 connected workers can run it.");
  EXPECT_EQ(reason(h, 1, "old"), "runs the code 1.0; the job's study is pinned to 1.1");
  h.fire(StudyPaused{"s"});
  EXPECT_THAT(why_of(h, 1).summary, HasSubstr("every study that wants it is paused"));
}

TEST(Why, TellsOfQuarantineAndWhoGoesFirst) {
  Harness h;
  h.connect("w", 1);
  h.submit("s", {1, 2, 3});
  h.submit_placed("t", {10, 11}, {}, StudyOrder{2, kNever, ""});
  EXPECT_THAT(why_of(h, 3).details, ElementsAre("4 jobs that ask for the same are queued, this one included.",
                                                HasSubstr("1 study goes before it")));
  h.state.limits.quarantine_after = 1;
  h.finish("w", 1, 1, Outcome::crashed);
  EXPECT_THAT(reason(h, 3, "w"), HasSubstr("is in quarantine for another 1 min 00 s"));
  h.pass_alive(60'000);
  EXPECT_EQ(reason(h, 3, "w"), "is tried with another job after a quarantine");
}

TEST(Why, TellsWhomAGangWaitsForAndWhoDoesIt) {
  Harness h;
  h.connect_with("a", 1, {});
  h.connect_with("b", 1, {});
  h.submit("s", {9});
  Placement together;
  together.least_ranks = 2;
  together.most_ranks = 3;
  h.submit_placed("gang", {1}, together);
  EXPECT_THAT(why_of(h, 1).details,
              ElementsAre("It needs 2 to 3 workers of one code version at once: 1 is free (b), 1 of those that suit it "
                          "busy.",
                          "a has noop 090000000000."));
  EXPECT_EQ(reason(h, 1, "b"), "is free");
  h.connect_with("c", 1, {});
  EXPECT_EQ(why_of(h, 1).summary, "It was handed to b and c and begins when a slot there is free.");
  h.start("b", 1);
  h.fire(WorkerDisconnected{"c"});
  EXPECT_EQ(why_of(h, 1).summary, "It runs at b and c.");
  EXPECT_THAT(why_of(h, 1).details, ElementsAre(HasSubstr("The worker c is not connected")));
  h.fire(Cordoned{"a", true});
  h.submit_placed("gang", {2}, together);
  EXPECT_THAT(why_of(h, 2).details.at(1), HasSubstr("before 1 more"));
}

}  // namespace
}  // namespace checkerlab::coordinator::scheduler
