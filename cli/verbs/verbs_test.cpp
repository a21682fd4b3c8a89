#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cli/testing/fake_coordinator.hpp"
#include "cli/testing/lab_folder.hpp"

namespace checkerlab::cli {
namespace {

using nlohmann::json;
using testing::FakeCoordinator;
using testing::figure_document;
using testing::LabFolder;
using testing::Outcome;
using testing::study_document;

const std::string kDemo = std::string(CHECKERLAB_SOURCE_DIR) + "/sweeps/demo.yaml";
const std::string kKey(64, 'a');

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

json submitted_document(const std::string& state, long long done, long long total) {
  json study = study_document(state, done, total);
  study.update({{"jobs_total", total}, {"jobs_new", total - done}, {"jobs_done", done}});
  return study;
}

json job_document(const std::string& state) {
  return {{"key", kKey},
          {"kind", "train_model"},
          {"label", "ratio 2"},
          {"state", state},
          {"attempts", 2},
          {"worker", "w"},
          {"workers", json::array()},
          {"progress", nullptr},
          {"crashes", 1},
          {"losses", 0},
          {"preemptions", 0},
          {"retry_at", nullptr},
          {"error", {{"code", "not_finite"}, {"message", "the loss is not finite at step 12"}, {"fix", "Lower lr."}}}};
}

class Verbs : public ::testing::Test {
 protected:
  Verbs() {
    lab.write("token", "secret\n");
    server.answer("GET /api/v1/version", {{"version", "0.1.0"}, {"database", "/lab/checkerlab.db"}});
    server.answer("GET /api/v1/workers", {{"items", {{{"name", "w"}, {"state", "online"}}}}});
    server.answer("POST /api/v1/sign_in_links",
                  {{"url", "http://127.0.0.1:1/sign_in?code=abc"}, {"expires_at", "2026-01-01T00:10:00Z"}});
  }

  Outcome call(std::vector<std::string> args) {
    args.insert(args.end(), {"--url", server.url()});
    return lab.run_here(args);
  }

  FakeCoordinator server;
  LabFolder lab;
};

TEST_F(Verbs, StatusListsStudies) {
  server.answer("GET /api/v1/studies",
                {{"items", json::array({study_document("running", 1, 3)})}, {"next_cursor", nullptr}});
  const Outcome outcome = call({"status"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(contains(outcome.out, "demo   running   1/3       0     1/2")) << outcome.out;
  EXPECT_EQ(json::parse(call({"status", "--json"}).out).at("items").size(), 1U);
}

TEST_F(Verbs, StatusReadsEveryPage) {
  server.answer("GET /api/v1/studies",
                {{"items", json::array({study_document("running", 1, 3)})}, {"next_cursor", "n&x"}});
  server.answer("GET /api/v1/studies",
                {{"items", json::array({study_document("failed", 1, 3)})}, {"next_cursor", nullptr}});
  EXPECT_EQ(json::parse(call({"status", "--json"}).out).at("items").size(), 2U);
  EXPECT_TRUE(contains(server.asked("GET /api/v1/studies").at(1).target, "cursor=n%26x"));
}

TEST_F(Verbs, StatusOfOneStudyShowsItsStages) {
  server.answer("GET /api/v1/studies/demo", study_document("running", 1, 2));
  server.answer("GET /api/v1/studies/s1/forecast", testing::forecast_document(1));
  json running = job_document("running");
  running["progress"] = {{"done", 1}, {"total", 2}, {"unit", "steps"}, {"message", "loss 1.5"}};
  server.answer("GET /api/v1/jobs", {{"items", json::array({running})}, {"next_cursor", nullptr}});
  const Outcome outcome = call({"status", "demo"});
  EXPECT_TRUE(contains(outcome.out, "  train model  ███████████████░░░░░  1/2  loss 1.5")) << outcome.out;
  EXPECT_TRUE(contains(outcome.out, "Time left: 2 h 00 min (1 h 00 min to 3 h 00 min) with 1 slot")) << outcome.out;
  EXPECT_EQ(json::parse(call({"status", "demo", "--json"}).out).at("forecast").at("jobs"), 1);
}

TEST_F(Verbs, SubmitSendsTheDefinitionAndItsOverrides) {
  server.answer("POST /api/v1/studies", submitted_document("queued", 1, 162), 201);
  const Outcome outcome = call({"submit", kDemo, "--set", "name=other", "--set", "seed=3"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(contains(outcome.out, "submitted demo (s1): 162 jobs, 1 done already")) << outcome.out;
  const auto asked = server.asked("POST /api/v1/studies");
  ASSERT_EQ(asked.size(), 1U);
  const json body = json::parse(asked.at(0).body);
  EXPECT_EQ(body.at("overrides"), json::array({"name=other", "seed=3"}));
  EXPECT_EQ(body.at("filename"), kDemo);
  EXPECT_TRUE(body.at("dataset").is_null());
  EXPECT_TRUE(contains(body.at("definition"), "name: demo"));
}

TEST_F(Verbs, RunFollowsTheStudyAndWritesItsFigure) {
  server.answer("POST /api/v1/studies", submitted_document("running", 0, 2), 201);
  server.answer("GET /api/v1/studies/s1", study_document("succeeded", 2, 2));
  server.answer("GET /api/v1/jobs", {{"items", json::array()}, {"next_cursor", nullptr}});
  server.answer("GET /api/v1/studies/s1/figure", figure_document({"sqrt2", "single"}));
  const Outcome outcome = call({"run", kDemo});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(contains(outcome.err, "page: http://127.0.0.1:1/sign_in?code=abc")) << outcome.err;
  EXPECT_TRUE(contains(outcome.err, "demo: succeeded, 2/2 jobs done")) << outcome.err;
  EXPECT_TRUE(contains(outcome.out, "40.0 ± 0.4")) << outcome.out;
  EXPECT_TRUE(contains(outcome.out, "Database: /lab/checkerlab.db")) << outcome.out;
  EXPECT_TRUE(contains(outcome.out, "Page:     " + server.url() + "/studies/s1")) << outcome.out;
  const std::string figure = lab.path() + "/figures/demo.svg";
  EXPECT_TRUE(contains(outcome.out, "Figure:   " + figure)) << outcome.out;
  std::ifstream file(figure);
  const std::string svg((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_TRUE(contains(svg, "data-ratio=\"sqrt2\""));
}

TEST_F(Verbs, RunAsJsonIsALineAnEvent) {
  server.answer("POST /api/v1/studies", submitted_document("running", 2, 2), 200);
  server.answer("GET /api/v1/studies/s1", study_document("succeeded", 2, 2));
  server.answer("GET /api/v1/jobs", {{"items", json::array()}, {"next_cursor", nullptr}});
  server.answer("GET /api/v1/studies/s1/figure", figure_document({"2"}));
  const Outcome outcome = call({"run", kDemo, "--json"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  std::istringstream lines(outcome.out);
  std::vector<json> documents;
  for (std::string line; std::getline(lines, line);)
    documents.push_back(json::parse(line));
  EXPECT_EQ(documents.front().at("type"), "submitted");
  EXPECT_EQ(documents.back().at("type"), "finished");
  EXPECT_EQ(documents.back().at("figure").at("series").size(), 1U);
}

TEST_F(Verbs, AFailedStudyShowsWhatFailedAndIsExitCodeTwo) {
  server.answer("POST /api/v1/studies", submitted_document("running", 0, 2), 201);
  server.answer("GET /api/v1/studies/s1", study_document("failed", 1, 2));
  server.answer("GET /api/v1/jobs", {{"items", json::array()}, {"next_cursor", nullptr}});
  server.answer("GET /api/v1/jobs", {{"items", json::array()}, {"next_cursor", nullptr}});
  server.answer("GET /api/v1/jobs", {{"items", json::array()}, {"next_cursor", nullptr}});
  server.answer("GET /api/v1/jobs", {{"items", json::array({job_document("failed")})}, {"next_cursor", nullptr}});
  server.answer("GET /api/v1/studies/s1/figure", {{"series", json::array()}});
  const Outcome outcome = call({"run", kDemo});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(contains(outcome.err,
                       "failed: train_model (ratio 2)\n  the loss is not finite at step 12\n  fix: Lower lr.\n"
                       "  more: checkerlab --url "))
      << outcome.err;
  EXPECT_TRUE(contains(outcome.err, " logs " + kKey.substr(0, 12) + "\n")) << outcome.err;
  EXPECT_TRUE(contains(outcome.out, "Nothing is measured yet.")) << outcome.out;
  EXPECT_FALSE(std::filesystem::exists(lab.path() + "/figures"));
}

TEST_F(Verbs, WatchEndsAsTheStudyDid) {
  server.answer("GET /api/v1/studies/demo", study_document("cancelled", 1, 2));
  server.answer("GET /api/v1/studies/s1", study_document("cancelled", 1, 2));
  server.answer("GET /api/v1/jobs", {{"items", json::array()}, {"next_cursor", nullptr}});
  const Outcome outcome = call({"watch", "demo"});
  EXPECT_EQ(outcome.code, 3) << outcome.err;
  EXPECT_TRUE(contains(outcome.err, "demo: cancelled, 1/2 jobs done")) << outcome.err;
}

TEST_F(Verbs, CancelTellsTheStateAfterwards) {
  server.answer("POST /api/v1/studies/demo/cancel", study_document("cancelled", 1, 2));
  const Outcome outcome = call({"cancel", "demo"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_TRUE(contains(outcome.out, "demo: cancelled")) << outcome.out;
}

TEST_F(Verbs, ResultsComeInEveryFormat) {
  server.answer("GET /api/v1/studies",
                {{"items", json::array({study_document("succeeded", 2, 2)})}, {"next_cursor", nullptr}});
  server.answer("GET /api/v1/studies/s1/figure", figure_document({"2"}));
  EXPECT_TRUE(contains(call({"results"}).out, "40.0 ± 0.4"));
  EXPECT_TRUE(contains(call({"results", "--format", "csv"}).out, "ratio,steps_per_scale,"));
  EXPECT_TRUE(contains(call({"results", "--format", "svg"}).out, "<svg "));
  EXPECT_EQ(json::parse(call({"results", "--json"}).out).at("series").size(), 1U);
  const std::string file = lab.path() + "/table.csv";
  EXPECT_EQ(call({"results", "--format", "csv", "--out", file}).out, "");
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST_F(Verbs, ResultsAnswerSql) {
  server.answer(
      "POST /api/v1/query",
      {{"columns", {"ratio", "fid"}}, {"rows", json::array({json::array({"2", 12.5})})}, {"truncated", true}});
  const Outcome outcome = call({"results", "--sql", "select * from fig_5", "--max-rows", "1"});
  EXPECT_EQ(outcome.out, "ratio   fid\n─────  ────\n2      12.5\n");
  EXPECT_TRUE(contains(outcome.err, "there are more rows")) << outcome.err;
  EXPECT_EQ(json::parse(server.asked("POST /api/v1/query").at(0).body),
            json({{"sql", "select * from fig_5"}, {"max_rows", 1}}));
  EXPECT_EQ(call({"results", "--sql", "select 1", "--format", "csv"}).out, "ratio,fid\n2,12.5\n");
  EXPECT_EQ(call({"results", "--sql", "select 1", "--format", "svg"}).code, 1);
  EXPECT_EQ(call({"results", "demo", "--sql", "select 1"}).code, 1);
}

TEST_F(Verbs, JobsPassTheirFiltersOn) {
  server.answer("GET /api/v1/jobs", {{"items", json::array({job_document("failed")})}, {"next_cursor", nullptr}});
  const Outcome outcome = call({"jobs", "demo", "--state", "failed"});
  EXPECT_TRUE(contains(outcome.out, "the loss is not finite at step 12")) << outcome.out;
  EXPECT_TRUE(contains(outcome.out, "2: 1 crashed")) << outcome.out;
  EXPECT_TRUE(contains(server.asked("GET /api/v1/jobs").at(0).target, "study=demo&state=failed"));
  EXPECT_EQ(json::parse(call({"jobs", "--json"}).out).at("items").at(0).at("key"), kKey);
}

TEST_F(Verbs, LogsFindTheJobByTheBeginningOfItsKey) {
  server.answer("POST /api/v1/query",
                {{"columns", {"key"}}, {"rows", json::array({json::array({kKey})})}, {"truncated", false}});
  server.answer("GET /api/v1/jobs/" + kKey + "/logs",
                {{"items",
                  {{{"seq", 1}, {"attempt", 1}, {"time", "T1"}, {"level", "info"}, {"text", "step 1\x1b[2J"}},
                   {{"seq", 2}, {"attempt", 1}, {"time", "T2"}, {"level", "error"}, {"text", "bad"}}}}});
  const Outcome outcome = call({"logs", "aaaa"});
  EXPECT_EQ(outcome.out, "T1 info step 1 [2J\nT2 error bad\n");
  EXPECT_EQ(json::parse(call({"logs", "aaaa", "--json"}).out).at("items").size(), 2U);
  EXPECT_EQ(call({"logs", "zzzz"}).code, 1);
}

TEST_F(Verbs, LogsFollowUntilTheJobEnds) {
  server.answer("GET /api/v1/jobs/" + kKey, job_document("running"));
  server.answer("GET /api/v1/jobs/" + kKey, job_document("failed"));
  server.event("log", {{"type", "log"}, {"key", kKey}, {"lines", json::array()}});
  const auto line = [](int seq) {
    return json{
        {"seq", seq}, {"attempt", 1}, {"time", "T"}, {"level", "info"}, {"text", "line " + std::to_string(seq)}};
  };
  server.answer("GET /api/v1/jobs/" + kKey + "/logs", {{"items", json::array({line(1)})}});
  server.answer("GET /api/v1/jobs/" + kKey + "/logs", {{"items", json::array()}});
  server.answer("GET /api/v1/jobs/" + kKey + "/logs", {{"items", json::array({line(2)})}});
  const Outcome outcome = call({"logs", kKey, "--follow"});
  EXPECT_EQ(outcome.code, 2) << outcome.err;
  EXPECT_EQ(outcome.out, "T info line 1\nT info line 2\n");
}

TEST_F(Verbs, WebPrintsTheLinkAlone) {
  EXPECT_EQ(call({"web"}).out, "http://127.0.0.1:1/sign_in?code=abc\n");
  EXPECT_TRUE(json::parse(call({"web", "--json"}).out).contains("expires_at"));
}

TEST_F(Verbs, VersionTellsTheCoordinators) {
  EXPECT_TRUE(contains(call({"version"}).out, "coordinator 0.1.0 at " + server.url()));
}

TEST_F(Verbs, ADryRunAsksWhatIsDone) {
  json planned = submitted_document("queued", 100, 162);
  planned["forecast"] = testing::forecast_document(62);
  server.answer("POST /api/v1/studies", planned);
  const Outcome outcome = call({"run", kDemo, "--dry-run"});
  EXPECT_TRUE(contains(outcome.out, "2 GPU-hours (1 to 3)")) << outcome.out;
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(contains(outcome.out, "100 of ")) << outcome.out;
  EXPECT_EQ(server.asked("POST /api/v1/studies").at(0).target, "/api/v1/studies?dry_run=true");
}

TEST_F(Verbs, FindsTheCoordinatorOfTheDataDirectory) {
  lab.write("coordinator.json", json({{"url", server.url()}, {"pid", 1}}).dump());
  EXPECT_TRUE(contains(lab.run_here({"version"}).out, "coordinator 0.1.0"));
}

}  // namespace
}  // namespace checkerlab::cli
