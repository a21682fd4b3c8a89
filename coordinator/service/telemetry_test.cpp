// Progress, curves, logs, checkpoints and events, from the worker's message to what people read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/service/testing/fixture.hpp"

namespace checkerlab::coordinator {
namespace {

using testing::Bench;
using testing::FakeWorker;

class Telemetry : public ::testing::Test {
 protected:
  Telemetry() {
    study_ = bench_.submit_noop("n", 1).study_id;
    worker_ = bench_.connect("i");
    attempt_ = worker_.link->assignments().at(0).attempt;
    bench_.tell(worker_, {rpc::AttemptStarted{attempt_}});
  }

  std::string key() const { return attempt_.key.str(); }
  std::vector<ServerEvent> events(const std::string& type) const {
    std::vector<ServerEvent> found;
    for (const ServerEvent& event : bench_.events) {
      if (event.type == type) found.push_back(event);
    }
    return found;
  }

  Bench bench_;
  std::string study_;
  FakeWorker worker_;
  rpc::AttemptRef attempt_;
};

TEST_F(Telemetry, ProgressIsCoalescedAndItsLastIsKept) {
  for (std::int64_t done = 1; done <= 100; ++done) {
    bench_.tell(worker_, {rpc::Progress{attempt_, done, 200, "steps", "training"}});
  }
  EXPECT_EQ(events("progress").size(), 1U);  // no time has passed
  bench_.pass(std::chrono::seconds(1));
  EXPECT_EQ(events("progress").size(), 2U);
  EXPECT_EQ(events("progress").back().data["progress"]["done"], 100);
  EXPECT_EQ(bench_.reads->job(key())["progress"]["done"], 100);
  const Json stage = bench_.reads->study(study_)["stages"][0];
  EXPECT_DOUBLE_EQ(stage["rate_per_second"].get<double>(), 0.5);
  EXPECT_DOUBLE_EQ(stage["eta_seconds"].get<double>(), 1.0);
}

TEST_F(Telemetry, CurvesAreKeptAndOverwrittenByLaterAttempts) {
  bench_.tell(worker_, {rpc::Curve{attempt_, {{"loss", 1, 0.5}, {"loss", 2, 0.25}}}});
  bench_.tell(worker_, {rpc::Curve{attempt_, {{"loss", 2, 0.125}}}});
  EXPECT_EQ(bench_.reads->curves(key()), Json::parse(R"({"series": {"loss": [[1, 0.5], [2, 0.125]]}})"));
  EXPECT_EQ(events("curve").at(0).data["points"][0]["series"], "loss");
}

TEST_F(Telemetry, ManyJobsAreToldAsTheirStudy) {
  bench_.pass(std::chrono::seconds(10));
  bench_.events.clear();
  const std::string few = bench_.submit_noop("few", 900).study_id;
  EXPECT_EQ(events("job").size(), 900U);
  const std::string many = bench_.submit_noop("many", 900).study_id;
  EXPECT_EQ(events("job").size(), 900U);
  EXPECT_EQ(events("jobs").size(), 1U);
  bench_.cancel("many");
  EXPECT_EQ(events("jobs").size(), 1U);  // the next ones wait for the tick: one event stands for many changes
  bench_.pass(std::chrono::seconds(1));
  const auto crowds = events("jobs");
  ASSERT_EQ(crowds.size(), 2U);
  EXPECT_EQ(crowds[0].studies, std::vector<std::string>{many});
  EXPECT_EQ(crowds[0].data, (Json{{"type", "jobs"}, {"study", many}}));
}

TEST_F(Telemetry, AWorkersJobsAreToldAtTheNextTick) {
  bench_.pass(std::chrono::seconds(1));
  bench_.events.clear();
  bench_.tell(worker_, {Bench::success(attempt_)});
  EXPECT_TRUE(events("worker").empty());
  bench_.pass(std::chrono::seconds(1));
  ASSERT_EQ(events("worker").size(), 1U);
  EXPECT_EQ(events("worker")[0].data["worker"]["running"], Json::array());
}

TEST_F(Telemetry, LogsAreBoundedAndReadForwardsAndFromTheEnd) {
  rpc::Log log{attempt_, {}};
  for (int i = 1; i <= 2'500; ++i)
    log.lines.push_back({"2026-01-01T00:00:00Z", "info", "line " + std::to_string(i)});
  bench_.tell(worker_, {log});
  EXPECT_EQ(bench_.number("SELECT COUNT(*) FROM logs"), 2'000);
  const Json forward = bench_.reads->logs(key(), {600, 2, {}});
  ASSERT_EQ(forward["items"].size(), 2U);
  EXPECT_EQ(forward["items"][0]["text"], "line 601");
  const Json tail = bench_.reads->logs(key(), {0, 1, 3});
  ASSERT_EQ(tail["items"].size(), 3U);
  EXPECT_EQ(tail["items"][2]["seq"], 2'500);
  EXPECT_THROW(bench_.reads->logs(key(), {0, 0, {}}), Error);
}

TEST_F(Telemetry, LongLinesAreCutAtACharacter) {
  std::string text(8'191, 'x');
  for (int i = 0; i < 10; ++i)
    text += "é";
  bench_.tell(worker_, {rpc::Log{attempt_, {{"2026-01-01T00:00:00Z", "info", text}}}});
  const std::string shown = bench_.reads->logs(key(), {})["items"][0]["text"];
  EXPECT_EQ(shown, std::string(8'191, 'x') + "…");
}

TEST_F(Telemetry, TheNextAttemptGetsTheCheckpoint) {
  const std::string sha256(64, 'c');
  bench_.tell(worker_, {rpc::Checkpoint{attempt_, 40, {"checkpoint", sha256, 123}}});
  bench_.tell(worker_, {Bench::failure(attempt_, "preempted", true)});
  EXPECT_EQ(worker_.link->assignments().size(), 1U) << "a worker that stops was given more";
  const rpc::Assignment next = bench_.connect("other").link->assignments().at(0);
  ASSERT_TRUE(next.checkpoint);
  EXPECT_EQ(next.checkpoint->sha256, sha256);
  EXPECT_EQ(next.checkpoint->step, 40);
  EXPECT_EQ(bench_.number("SELECT tries FROM jobs"), 0);
}

TEST_F(Telemetry, MessagesOfStaleAttemptsChangeNothing) {
  const rpc::AttemptRef stale{attempt_.key, AttemptNumber{7}};
  bench_.tell(worker_, {rpc::Progress{stale, 1, 2, "", ""}, rpc::Curve{stale, {{"loss", 1, 1}}},
                        rpc::Log{stale, {{"2026-01-01T00:00:00Z", "info", "x"}}},
                        rpc::Checkpoint{stale, 1, {"c", std::string(64, 'c'), 1}}});
  EXPECT_EQ(bench_.number("SELECT (SELECT COUNT(*) FROM curves) + (SELECT COUNT(*) FROM logs) + "
                          "(SELECT COUNT(*) FROM checkpoints)"),
            0);
  EXPECT_EQ(bench_.reads->job(key())["progress"], nullptr);
}

TEST_F(Telemetry, EventsGrowAndCanBeReadAgain) {
  bench_.tell(worker_, {Bench::success(attempt_)});
  ASSERT_FALSE(bench_.events.empty());
  for (std::size_t i = 1; i < bench_.events.size(); ++i)
    EXPECT_GT(bench_.events[i].id, bench_.events[i - 1].id);
  EXPECT_EQ(events("job").back().data["job"]["state"], "succeeded");
  EXPECT_EQ(events("job").back().studies, std::vector<std::string>{study_});
  EXPECT_EQ(events("study").back().data["study"]["state"], "succeeded");
  const std::uint64_t middle = bench_.events[bench_.events.size() / 2].id;
  const EventPage page = bench_.reads->events_after(middle, "", 1'000);
  EXPECT_TRUE(page.complete);
  EXPECT_EQ(page.events.size(), bench_.events.back().id - middle);
  EXPECT_EQ(page.events.back().data, bench_.events.back().data);
  EXPECT_FALSE(bench_.reads->events_after(1'000'000, "", 10).complete);
  for (const ServerEvent& event : bench_.reads->events_after(0, "other", 1'000).events) {
    EXPECT_TRUE(event.studies.empty());
  }
  const std::uint64_t last = bench_.events.back().id;
  bench_.restart();
  bench_.submit_noop("m", 1);
  EXPECT_GT(bench_.events.back().id, last);
}

}  // namespace
}  // namespace checkerlab::coordinator
