// `checkerlab study …` against a coordinator that answers as told: what is asked, and what is said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/testing/fake_coordinator.hpp"
#include "cli/testing/lab_folder.hpp"

namespace checkerlab::cli {
namespace {

using nlohmann::json;
using testing::FakeCoordinator;
using ::testing::HasSubstr;
using testing::LabFolder;
using ::testing::Not;
using testing::Outcome;
using testing::study_document;

const std::string kDemo = std::string(CHECKERLAB_SOURCE_DIR) + "/sweeps/demo.yaml";
const std::string kKey(64, 'a');

json diff_document() {
  return {{"from", {{"study", "demo"}, {"id", "s1"}, {"revision", 2}}},
          {"to", {{"study", "demo"}, {"id", nullptr}, {"revision", nullptr}}},
          {"added", {{"jobs", 3}, {"points", 1}}},
          {"removed", {{"jobs", 1}, {"points", 0}}},
          {"shared", {{"jobs", 1200}, {"points", 48}}},
          {"jobs_new", 2},
          {"jobs_done", 1},
          {"jobs_cancelled", 1},
          {"shared_with", json::array({{{"id", "s2"}, {"name", "other"}, {"jobs", 7}}})},
          {"items", json::array({{{"key", kKey},
                                  {"kind", "score_point"},
                                  {"label", "ratio 2, 4 steps, guidance 1.5"},
                                  {"change", "added"},
                                  {"state", "new"}},
                                 {{"key", std::string(64, 'b')},
                                  {"kind", "evaluate_shard"},
                                  {"label", "a shard"},
                                  {"change", "removed"},
                                  {"state", "queued"}}})},
          {"truncated", false}};
}

class StudyVerbs : public ::testing::Test {
 protected:
  StudyVerbs() { lab.write("token", "secret\n"); }

  Outcome call(std::vector<std::string> args) {
    args.insert(args.begin(), "study");
    args.insert(args.end(), {"--url", server.url()});
    return lab.run_here(args);
  }
  json body_of(const std::string& request) { return json::parse(server.asked(request).at(0).body); }

  FakeCoordinator server;
  LabFolder lab;
};

TEST_F(StudyVerbs, DiffSaysWhatComesGoesAndIsShared) {
  server.answer("POST /api/v1/studies/demo/diff", diff_document());
  const Outcome outcome = call({"diff", "demo", kDemo, "--set", "seed=3", "--pin-code", "0.1+it's"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("demo (revision 2) → demo as defined now\n"));
  EXPECT_THAT(outcome.out, HasSubstr("added:   3 jobs, 1 point (1 done already, 2 never asked for before)"));
  EXPECT_THAT(outcome.out, HasSubstr("removed: 1 job, 0 points (1 not done and needed by no other study"));
  EXPECT_THAT(outcome.out, HasSubstr("shared:  1,200 jobs, 48 points"));
  EXPECT_THAT(outcome.out, HasSubstr("other (7 jobs)"));
  EXPECT_THAT(outcome.out, HasSubstr("+ score point, ratio 2, 4 steps, guidance 1.5  aaaaaaaaaaaa  new\n"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("a shard")));
  EXPECT_EQ(body_of("POST /api/v1/studies/demo/diff").at("overrides"), json::array({"seed=3", "code='0.1+it''s'"}));
  EXPECT_EQ(json::parse(call({"diff", "demo", kDemo, "--json"}).out).at("jobs_new"), 2);
}

TEST_F(StudyVerbs, DiffComparesStudiesAndRevisions) {
  server.answer("GET /api/v1/studies/demo/diff", diff_document());
  server.answer("GET /api/v1/studies/demo", study_document("running", 1, 3));
  EXPECT_EQ(call({"diff", "demo", "--with", "other"}).code, 0);
  EXPECT_EQ(call({"diff", "demo", "--from", "1"}).code, 0);
  const auto asked = server.asked("GET /api/v1/studies/demo/diff");
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_THAT(asked[0].target, HasSubstr("?with=other"));
  EXPECT_THAT(asked[1].target, HasSubstr("?from=1&to=1"));
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{"diff", "demo"},
                                                {"diff", "demo", "--to", "2"},
                                                {"diff", "demo", kDemo, "--with", "x"}}) {
    const Outcome outcome = call(wrong);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("one comparison at a time"));
  }
}

TEST_F(StudyVerbs, ExtendTellsWhatBecameOfTheSet) {
  json study = study_document("running", 2, 3);
  study.update({{"jobs_total", 3},
                {"jobs_added", 2},
                {"jobs_removed", 1},
                {"jobs_shared", 1},
                {"jobs_new", 1},
                {"jobs_done", 1},
                {"jobs_cancelled", 1}});
  study["revision"] = 2;
  server.answer("POST /api/v1/studies/demo/extend", study);
  const Outcome outcome = call({"extend", "demo", kDemo});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "demo is at revision 2: 2 jobs added (1 done already), 1 job removed, 1 job shared\n"
            "1 job that waited or ran was cancelled\n");
  server.answer("POST /api/v1/studies/demo/diff", diff_document());
  EXPECT_THAT(call({"extend", "demo", kDemo, "--dry-run"}).out, HasSubstr("never asked for before"));
  EXPECT_EQ(server.asked("POST /api/v1/studies/demo/extend").size(), 1U);
}

TEST_F(StudyVerbs, RerunAsksForWhatWasChosen) {
  json study = study_document("running", 2, 5);
  study.update({{"jobs_started", 1}, {"jobs_revived", 2}, {"jobs_succeeded", 2}, {"jobs_open", 3}});
  server.answer("POST /api/v1/studies/demo/rerun", study);
  EXPECT_EQ(call({"rerun", "demo"}).out,
            "demo: 1 job starts afresh, 2 more that waited for it can run; 2 jobs done and left alone\n");
  call({"rerun", "demo", "--failed"});
  call({"rerun", "demo", "--job", kKey});
  const auto asked = server.asked("POST /api/v1/studies/demo/rerun");
  ASSERT_EQ(asked.size(), 3U);
  EXPECT_EQ(json::parse(asked[0].body), (json{{"failed", true}, {"cancelled", true}}));
  EXPECT_EQ(json::parse(asked[1].body), (json{{"failed", true}, {"cancelled", false}}));
  EXPECT_EQ(json::parse(asked[2].body), (json{{"jobs", {kKey}}}));
  EXPECT_EQ(call({"rerun", "demo", "--failed", "--job", kKey}).code, 1);
}

TEST_F(StudyVerbs, PauseResumeCancelAndArchiveSayWhatIsNow) {
  json study = study_document("running", 2, 5);
  study.update({{"paused", true}, {"attempts_running", 1}, {"attempts_taken_back", 0}});
  server.answer("POST /api/v1/studies/demo/pause", study);
  EXPECT_EQ(call({"pause", "demo", "--stop-running"}).out, "demo: paused, nothing more is started; 1 job goes on\n");
  EXPECT_EQ(body_of("POST /api/v1/studies/demo/pause"), (json{{"stop_running", true}}));
  server.answer("POST /api/v1/studies/demo/resume", study_document("running", 2, 5));
  EXPECT_EQ(call({"resume", "demo"}).out, "demo: running\n");
  json cancelled = study_document("cancelled", 2, 5);
  cancelled["jobs"]["running"] = 2;
  server.answer("POST /api/v1/studies/demo/cancel", cancelled);
  EXPECT_THAT(call({"cancel", "demo"}).out, HasSubstr("2 jobs go on: other studies need them"));
  json archived = study_document("succeeded", 5, 5);
  archived["archived_at"] = "2026-01-01T00:00:00.000Z";
  server.answer("POST /api/v1/studies/demo/archive", archived);
  EXPECT_EQ(call({"archive", "demo"}).out, "demo: succeeded, archived\n");
}

TEST_F(StudyVerbs, HistoryListsRevisionsAndPrintsOne) {
  server.answer("GET /api/v1/studies/demo/revisions", {{"items", json::array({{{"number", 1},
                                                                               {"title", "A demo"},
                                                                               {"definition", "schema: 1\n"},
                                                                               {"filename", "demo.yaml"},
                                                                               {"overrides", {"seed=3"}},
                                                                               {"code", nullptr},
                                                                               {"submitted_by", "token"},
                                                                               {"created_at", "2026-01-01T00:00:00Z"},
                                                                               {"jobs_added", 5},
                                                                               {"jobs_removed", 0},
                                                                               {"jobs_shared", 0},
                                                                               {"points_total", 2}}})}});
  EXPECT_THAT(call({"history", "demo"}).out, HasSubstr("demo.yaml --set seed=3"));
  EXPECT_EQ(call({"history", "demo", "--show", "1"}).out, "schema: 1\n");
  EXPECT_THAT(call({"history", "demo", "--show", "2"}).err, HasSubstr("no revision 2"));
}

TEST_F(StudyVerbs, CompareCodeWarnsOfMixedCurves) {
  const auto version = [](const char* name) {
    return json{
        {"code_version", name}, {"results", 3}, {"points", 1}, {"first_recorded_at", "a"}, {"last_recorded_at", "b"}};
  };
  server.answer(
      "GET /api/v1/studies/demo/code",
      {{"pinned", "0.1"},
       {"versions", json::array({version("0.1"), version("0.2")})},
       {"mixed_curves",
        json::array({{{"ratio", "sqrt2"}, {"model_key", kKey}, {"points", 2}, {"code_versions", {"0.1", "0.2"}}}})}});
  const Outcome outcome = call({"compare-code", "demo"});
  EXPECT_THAT(outcome.out, HasSubstr("demo is pinned to code version 0.1\n"));
  EXPECT_THAT(outcome.out, HasSubstr("warning: the curve of ratio √2 mixes 0.1, 0.2\n"));
}

TEST_F(StudyVerbs, EveryOneHasHelpWithExamples) {
  for (const char* verb :
       {"diff", "extend", "rerun", "pause", "resume", "cancel", "archive", "unarchive", "history", "compare-code"}) {
    const Outcome help = lab.run_here({"study", verb, "--help"});
    EXPECT_EQ(help.code, 0) << verb;
    EXPECT_THAT(help.out, HasSubstr(std::string("checkerlab study ") + verb));
  }
  EXPECT_EQ(lab.run_here({"study"}).code, 1);
  const Outcome unknown = lab.run_here({"study", "dif", "demo"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("'study' has no verb 'dif'"));
  EXPECT_THAT(unknown.err, HasSubstr("Did you mean 'diff'?"));
}

}  // namespace
}  // namespace checkerlab::cli
