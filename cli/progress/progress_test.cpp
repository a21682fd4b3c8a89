#include <gtest/gtest.h>

#include <sstream>

#include "base/error.hpp"
#include "base/text/text_width.hpp"
#include "cli/progress/block.hpp"
#include "cli/progress/display.hpp"
#include "cli/progress/follow.hpp"
#include "cli/progress/tracker.hpp"
#include "cli/testing/fake_coordinator.hpp"

namespace checkerlab::cli {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using testing::study_document;

json job(const std::string& key, const std::string& state, double done, const std::string& message) {
  return {{"key", key},
          {"kind", "train_model"},
          {"state", state},
          {"progress", {{"done", done}, {"total", 100}, {"unit", "steps"}, {"message", message}}}};
}

TEST(StudyTracker, CountsThePartsOfRunningJobs) {
  StudyTracker tracker;
  tracker.set_study(study_document("running", 1, 4));
  tracker.apply("job", {{"type", "job"}, {"job", job("a", "running", 20, "loss 3")}});
  tracker.apply("job", {{"type", "job"}, {"job", job("b", "running", 30, "loss 2")}});
  tracker.apply("progress", {{"type", "progress"},
                             {"key", "a"},
                             {"attempt", 1},
                             {"progress", {{"done", 50}, {"total", 100}, {"unit", "steps"}, {"message", "loss 1"}}}});
  const StudyView view = tracker.view();
  ASSERT_EQ(view.stages.size(), 1U);
  EXPECT_DOUBLE_EQ(view.stages[0].share, (1 + 0.5 + 0.3) / 4);
  EXPECT_EQ(view.stages[0].message, "loss 1");
}

TEST(StudyTracker, AJobThatSaysNothingShowsHowFarItIs) {
  StudyTracker tracker;
  tracker.set_study(study_document("running", 1, 4));
  tracker.set_running_jobs(json::array({job("a", "running", 50, "")}));
  EXPECT_EQ(tracker.view().stages[0].message, "50/100 steps");
}

TEST(StudyTracker, ForgetsJobsThatEnded) {
  StudyTracker tracker;
  tracker.set_study(study_document("running", 1, 4));
  tracker.set_running_jobs(json::array({job("a", "running", 50, "x")}));
  EXPECT_DOUBLE_EQ(tracker.view().stages[0].share, 1.5 / 4);
  tracker.apply("job", {{"type", "job"}, {"job", job("a", "succeeded", 100, "")}});
  EXPECT_DOUBLE_EQ(tracker.view().stages[0].share, 0.25);
  EXPECT_EQ(tracker.view().stages[0].message, "");
}

TEST(StudyTracker, TakesOnlyItsOwnStudy) {
  StudyTracker tracker;
  tracker.set_study(study_document("running", 1, 4));
  auto other = study_document("succeeded", 4, 4);
  other["id"] = "s2";
  tracker.apply("study", {{"type", "study"}, {"study", other}});
  EXPECT_EQ(tracker.view().state, "running");
  tracker.apply("study", {{"type", "study"}, {"study", study_document("succeeded", 4, 4)}});
  EXPECT_TRUE(tracker.view().finished());
  tracker.apply("something_new", {{"type", "something_new"}});
  EXPECT_EQ(tracker.view().jobs_done, 4);
}

TEST(StudyTracker, RefusesBrokenDocuments) {
  StudyTracker tracker;
  EXPECT_THROW(tracker.set_study(json::array()), Error);
  tracker.set_study(study_document("running", 0, 1));
  EXPECT_THROW(tracker.apply("job", {{"type", "job"}, {"job", {{"key", 5}}}}), Error);
}

StudyView sample_view() {
  StudyView view{.id = "s1", .name = "demo", .title = "A demo", .state = "running", .jobs_total = 5, .jobs_done = 2};
  view.stages.push_back({.kind = "import_dataset", .total = 1, .done = 1, .share = 1});
  view.stages.push_back({.kind = "train_model",
                         .total = 4,
                         .done = 1,
                         .running = 1,
                         .share = 0.375,
                         .rate_per_second = 0.05,
                         .eta_seconds = 62,
                         .message = "step 300, loss 1.25"});
  return view;
}

TEST(Block, HasALineAStage) {
  EXPECT_EQ(render_block(sample_view(), {.width = 100, .elapsed_seconds = 83}),
            (std::vector<std::string>{
                "demo · A demo · running · 2/5 jobs · 1 min 23 s", "  import dataset  ████████████████████  1/1",
                "  train model     ███████▌░░░░░░░░░░░░  1/4  3/min  1 min 02 s left  step 300, loss 1.25"}));
}

TEST(Block, NoLineIsWiderThanTheTerminal) {
  auto view = sample_view();
  view.stages[1].message = std::string(300, 'x') + "\x1b[31m";
  for (const std::size_t width : {40U, 60U, 80U}) {
    for (const auto& line : render_block(view, {.width = width})) {
      EXPECT_LE(text_width(line), width);
      EXPECT_EQ(line.find('\x1b'), std::string::npos);
    }
  }
}

TEST(Block, FailuresStandFirst) {
  auto view = sample_view();
  view.stages[1].failed = 1;
  EXPECT_NE(render_block(view, {}).back().find("1/4  1 failed  3/min"), std::string::npos);
}

TEST(Bar, FillsInEighths) {
  EXPECT_EQ(render_bar(0, 4), "░░░░");
  EXPECT_EQ(render_bar(0.5, 4), "██░░");
  EXPECT_EQ(render_bar(0.53125, 4), "██▏░");
  EXPECT_EQ(render_bar(7, 4), "████");
}

TEST(Rate, PicksAUnitThatReadsWell) {
  EXPECT_EQ(rate_text(3.2), "3.2/s");
  EXPECT_EQ(rate_text(1234), "1234/s");
  EXPECT_EQ(rate_text(0.2), "12/min");
  EXPECT_EQ(rate_text(0.01), "36/h");
  EXPECT_EQ(rate_text(0), "");
  EXPECT_EQ(rate_text(std::nullopt), "");
  EXPECT_EQ(rate_text(StageView{.kind = "x", .total = 2, .rate_per_second = 3.2}), "3.2/s");
  EXPECT_EQ(rate_text(StageView{.kind = "x", .total = 1, .rate_per_second = 3.2}), "");
}

TEST(TerminalDisplay, RedrawsInPlace) {
  std::ostringstream out;
  std::ostringstream err;
  Console console{.out = out, .err = err, .width = 90};
  TerminalDisplay display(console);
  display.update(sample_view(), milliseconds{0});
  const std::string first = err.str();
  EXPECT_EQ(first.find("\x1b[3A"), std::string::npos);
  display.update(sample_view(), milliseconds{50});  // too early to draw again
  EXPECT_EQ(err.str(), first);
  display.finish(sample_view(), milliseconds{100});
  EXPECT_EQ(err.str().substr(first.size(), 4), "\x1b[3A");
  EXPECT_EQ(out.str(), "");
}

TEST(PlainDisplay, WritesBeginningsEndsAndALineEveryFewSeconds) {
  std::ostringstream out;
  PlainDisplay display(out);
  auto view = sample_view();
  display.update(view, milliseconds{0});
  view.stages[1].share = 0.5;
  display.update(view, milliseconds{1'000});
  display.update(view, milliseconds{5'000});
  view.stages[1].done = 4;
  view.state = "succeeded";
  view.jobs_done = 5;
  display.finish(view, milliseconds{6'000});
  EXPECT_EQ(out.str(),
            "[0 s] import dataset: 1/1\n"
            "[0 s] train model: 1/4 (37 %), 3/min, 1 min 02 s left, step 300, loss 1.25\n"
            "[5 s] train model: 1/4 (50 %), 3/min, 1 min 02 s left, step 300, loss 1.25\n"
            "[6 s] train model: 4/4\n"
            "[6 s] demo: succeeded, 5/5 jobs done\n");
}

TEST(FollowStudy, EndsWithTheStudyAndPassesEventsOn) {
  testing::FakeCoordinator server;
  server.answer("GET /api/v1/studies/s1", study_document("running", 0, 2));
  server.answer("GET /api/v1/studies/s1", study_document("running", 0, 2));
  server.answer("GET /api/v1/studies/s1", study_document("succeeded", 2, 2));
  server.answer("GET /api/v1/jobs", {{"items", json::array()}, {"next_cursor", nullptr}});
  server.event("study", {{"type", "study"}, {"study", study_document("succeeded", 2, 2)}});
  std::ostringstream out;
  std::ostringstream err;
  Console console{.out = out, .err = err};
  Session session(rpc::parse_endpoint(server.url(), "secret"), {});
  JsonDisplay display(out);
  const json study = follow_study(session, "s1", console, display);
  EXPECT_EQ(study.at("state"), "succeeded");
  EXPECT_EQ(json::parse(out.str()).at("type"), "study");
  EXPECT_EQ(server.asked("GET /api/v1/studies/s1").at(0).authorization, "Bearer secret");
}

TEST(FollowStudy, StopsWhenAskedTo) {
  testing::FakeCoordinator server;
  server.answer("GET /api/v1/studies/s1", study_document("running", 0, 2));
  server.answer("GET /api/v1/jobs", {{"items", json::array()}, {"next_cursor", nullptr}});
  std::stop_source stop;
  std::ostringstream out;
  Console console{.out = out, .err = out, .stop = stop.get_token()};
  Session session(rpc::parse_endpoint(server.url(), "secret"), {});
  PlainDisplay display(out);
  try {
    follow_study(session, "s1", console, display, {.check = [&] { stop.request_stop(); }});
    FAIL() << "it went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::cancelled);
  }
}

TEST(FollowStudy, ADeadLocalWorkerEndsIt) {
  testing::FakeCoordinator server;
  server.answer("GET /api/v1/studies/s1", study_document("running", 0, 2));
  server.answer("GET /api/v1/jobs", {{"items", json::array()}, {"next_cursor", nullptr}});
  std::ostringstream out;
  Console console{.out = out, .err = out};
  Session session(rpc::parse_endpoint(server.url(), "secret"), {});
  PlainDisplay display(out);
  const FollowOptions options{.check = [] { throw Error(ErrorCode::internal, "the worker ended"); }};
  EXPECT_THROW(follow_study(session, "s1", console, display, options), Error);
}

}  // namespace
}  // namespace checkerlab::cli
