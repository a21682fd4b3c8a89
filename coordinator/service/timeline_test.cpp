// What happened to a job when, from the workers' messages to what people read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/service/testing/fixture.hpp"
#include "coordinator/service/testing/small_study.hpp"

namespace checkerlab::coordinator {
namespace {

using std::chrono::milliseconds;
using testing::Bench;
using ::testing::ElementsAre;
using testing::FakeWorker;

class JobTimeline : public ::testing::Test {
 protected:
  static rpc::Checkpoint checkpoint(const rpc::AttemptRef& attempt, std::int64_t step) {
    return {attempt, step, {"state", content_key({{"checkpoint", step}}), 100}};
  }
  // "phase+seconds" of every span, "…" behind one that goes on.
  static std::vector<std::string> spans(const Json& timeline) {
    std::vector<std::string> spans;
    for (const Json& span : timeline.at("spans")) {
      const bool open = span.at("to").is_null();
      const auto to = parse_rfc3339((open ? timeline.at("now") : span.at("to")).get<std::string>());
      const auto took = to - parse_rfc3339(span.at("from").get<std::string>());
      spans.push_back(span.at("phase").get<std::string>() + "+" + std::to_string(took.count() / 1'000) +
                      (open ? "…" : ""));
    }
    return spans;
  }
  static std::vector<std::string> events(const Json& timeline) {
    std::vector<std::string> events;
    for (const Json& event : timeline.at("events"))
      events.push_back(event.at("event"));
    return events;
  }
  void pass(int seconds) { bench_.pass(std::chrono::seconds(seconds)); }

  Bench bench_;
};

TEST_F(JobTimeline, CoversTheLifeOfAJobOverItsAttempts) {
  bench_.submit_noop("n", 1);
  pass(3);
  FakeWorker worker = bench_.connect("a");
  const rpc::AttemptRef first = worker.link->assignments().at(0).attempt;
  const std::string key = first.key.str();
  pass(2);
  bench_.tell(worker, {rpc::AttemptStarted{first, 0.5}});
  pass(4);
  bench_.tell(worker, {checkpoint(first, 10)});
  pass(1);
  bench_.tell(worker, {checkpoint(first, 20), Bench::failure(first, "crashed", true)});
  pass(2);  // a crash is followed by a rest
  const rpc::AttemptRef second = worker.link->assignments().at(1).attempt;
  bench_.tell(worker, {rpc::AttemptStarted{second}});
  pass(5);

  Json timeline = bench_.reads->timeline(key);
  EXPECT_THAT(spans(timeline),
              ElementsAre("queued+3", "fetching+1", "waiting+0", "running+5", "queued+2", "running+5…"));
  bench_.tell(worker, {Bench::success(second)});
  timeline = bench_.reads->timeline(key);
  EXPECT_THAT(events(timeline),
              ElementsAre("submitted", "queued", "assigned", "fetched", "started", "checkpoint", "checkpoint", "ended",
                          "queued", "assigned", "started", "ended", "finished"));
  EXPECT_EQ(timeline.at("state"), "succeeded");
  EXPECT_EQ(timeline.at("events").at(7).at("state"), "crashed");
  EXPECT_EQ(timeline.at("events").at(7).at("message"), "it broke");
  EXPECT_EQ(timeline.at("events").back().at("state"), "succeeded");
}

TEST_F(JobTimeline, WaitsForInputsThenForAWorker) {
  bench_.submit(testing::small_study());
  FakeWorker worker = bench_.connect("a", 1, {}, {"train_metric_network"});
  const auto network = worker.link->assignments().at(0);
  const auto key = bench_.store->read([](SQLite::Database& database) {
    return database.execAndGet("SELECT key FROM jobs WHERE kind = 'reference_statistics'").getString();
  });
  pass(7);
  EXPECT_THAT(spans(bench_.reads->timeline(key)), ElementsAre("blocked+7…"));
  bench_.tell(worker,
              {rpc::AttemptStarted{network.attempt}, rpc::AttemptFinished{network.attempt, rpc::Outcome::kSucceeded,
                                                                          testing::result_for(network), std::nullopt}});
  pass(2);
  EXPECT_THAT(spans(bench_.reads->timeline(key)), ElementsAre("blocked+7", "queued+2…"));
  bench_.cancel("small");
  pass(60);
  const Json timeline = bench_.reads->timeline(key);
  EXPECT_THAT(spans(timeline), ElementsAre("blocked+7", "queued+2"));
  EXPECT_EQ(timeline.at("state"), "cancelled");
}

TEST_F(JobTimeline, SurvivesARestart) {
  bench_.submit_noop("n", 1);
  pass(3);
  bench_.restart();
  pass(3);
  FakeWorker worker = bench_.connect("a");
  const auto attempt = worker.link->assignments().at(0).attempt;
  EXPECT_THAT(spans(bench_.reads->timeline(attempt.key.str())), ElementsAre("queued+6", "fetching+0…"));
}

TEST_F(JobTimeline, AWorkerCannotHaveFetchedBeforeItWasAssigned) {
  bench_.submit_noop("n", 1);
  FakeWorker worker = bench_.connect("a");
  const auto attempt = worker.link->assignments().at(0).attempt;
  pass(1);
  bench_.tell(worker, {rpc::AttemptStarted{attempt, 1e300}});
  const Json timeline = bench_.reads->timeline(attempt.key.str());
  EXPECT_THAT(spans(timeline), ElementsAre("waiting+1", "running+0…"));
}

}  // namespace
}  // namespace checkerlab::coordinator
