// timeline, top and export, as a person calls them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/testing/fake_coordinator.hpp"
#include "cli/testing/lab_folder.hpp"

namespace checkerlab::cli {
namespace {

using nlohmann::json;
using testing::FakeCoordinator;
using ::testing::HasSubstr;
using testing::LabFolder;
using testing::Outcome;
using testing::study_document;

const std::string kKey(64, 'a');

class Seeing : public ::testing::Test {
 protected:
  Seeing() {
    lab.write("token", "secret\n");
    server.answer("GET /api/v1/studies", {{"items", json::array({study_document("running", 1, 3)})}});
    server.answer("GET /api/v1/workers", {{"items", json::array()}});
    server.answer("GET /api/v1/jobs", {{"items", json::array()}});
    server.answer("GET /api/v1/export/jobs", json::array({1}));
    server.answer("GET /api/v1/export/nothing",
                  {{"type", "urn:checkerlab:problem:not_found"},
                   {"title", "Not found"},
                   {"status", 404},
                   {"detail", "there is no table or view 'nothing'"},
                   {"fix", ""}},
                  404);
  }
  Outcome call(std::vector<std::string> args) {
    args.insert(args.end(), {"--url", server.url()});
    return lab.run_here(args);
  }

  FakeCoordinator server;
  LabFolder lab;
};

TEST_F(Seeing, TopPrintsOnceWhereThereIsNoTerminal) {
  const Outcome outcome = call({"top"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("Studies (1)"));
  EXPECT_THAT(outcome.out, ::testing::Not(HasSubstr("\x1b")));
  EXPECT_EQ(json::parse(call({"top", "--json"}).out).at("studies").size(), 1U);
}

TEST_F(Seeing, TimelineOfAJob) {
  const std::string time = "2026-01-01T00:00:00.000Z";
  server.answer("GET /api/v1/jobs/" + kKey + "/timeline",
                {{"key", kKey},
                 {"kind", "noop"},
                 {"label", ""},
                 {"state", "queued"},
                 {"now", time},
                 {"spans", json::array({{{"phase", "queued"}, {"from", time}, {"to", nullptr}, {"attempt", 1}}})},
                 {"events", json::array({{{"event", "submitted"}, {"at", time}}})}});
  const Outcome outcome = call({"timeline", kKey});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("#1 queued"));
}

TEST_F(Seeing, ExportWritesToOutputOrAFileThatIsNotThere) {
  EXPECT_EQ(call({"export", "jobs"}).out, "[1]");
  EXPECT_THAT(server.asked("GET /api/v1/export/jobs").at(0).target, HasSubstr("format=csv"));
  call({"export", "jobs", "--json"});
  EXPECT_THAT(server.asked("GET /api/v1/export/jobs").at(1).target, HasSubstr("format=jsonl"));
  const std::string file = lab.path() + "/jobs.csv";
  EXPECT_EQ(call({"export", "jobs", "--out", file}).code, 0);
  const Outcome again = call({"export", "jobs", "--out", file});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("--force"));
  EXPECT_EQ(call({"export", "jobs", "--out", file, "--force"}).code, 0);
}

TEST_F(Seeing, AnExportThatFailsLeavesNoFile) {
  const std::string file = lab.path() + "/nothing.csv";
  const Outcome outcome = call({"export", "nothing", "--out", file});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("no table or view"));
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_FALSE(std::filesystem::exists(file + ".part"));
  EXPECT_EQ(call({"export"}).code, 1);
  EXPECT_EQ(call({"export", "jobs", "--snapshot", file}).code, 1);
}

}  // namespace
}  // namespace checkerlab::cli
