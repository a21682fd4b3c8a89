#include "cli/app.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/version.hpp"
#include "cli/testing/fake_coordinator.hpp"
#include "cli/testing/lab_folder.hpp"

namespace checkerlab::cli {
namespace {

using nlohmann::json;
using testing::FakeCoordinator;
using testing::LabFolder;
using testing::Outcome;
using testing::run;

const std::string kDemo = std::string(CHECKERLAB_SOURCE_DIR) + "/sweeps/demo.yaml";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(App, HelpNamesEveryVerbAndTheExitCodes) {
  const Outcome help = run({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const VerbEntry& entry : all_verbs())
    EXPECT_TRUE(contains(help.out, entry.name)) << entry.name;
  EXPECT_TRUE(contains(help.out, "130 interrupted"));
  EXPECT_EQ(run({}).out, help.out);
}

// The help of verbs that the worker does is the worker's: tests/e2e/handed_over_test.cpp.
TEST(App, EveryVerbHasExamplesAndJson) {
  CommandLine line;
  for (const VerbEntry& entry : all_verbs()) {
    if (line.app().get_subcommand(entry.name)->get_prefix_command()) continue;
    const Outcome help = run({entry.name, "--help"});
    EXPECT_EQ(help.code, 0) << entry.name;
    EXPECT_TRUE(contains(help.out, "Examples:\n  ")) << entry.name;
    EXPECT_TRUE(contains(help.out, "--json")) << entry.name;
    EXPECT_TRUE(contains(help.out, std::string("checkerlab ") + entry.name)) << entry.name;
  }
}

TEST(App, UnknownVerbIsNamedAndTheNearestOneOffered) {
  const Outcome outcome = run({"statsu"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err, "error: there is no verb 'statsu'\n  fix: Did you mean 'status'? See: checkerlab --help\n");
  EXPECT_EQ(outcome.out, "");
}

TEST(App, WrongUsageIsExitCodeOne) {
  for (const std::vector<std::string>& args : {std::vector<std::string>{"run"},
                                               {"watch"},
                                               {"status", "--no-such-option"},
                                               {"results", "--format", "pdf"},
                                               {"completion", "tcsh"},
                                               {"jobs", "--state", "done"},
                                               {"logs", "xyz!", "--tail", "0"}}) {
    const Outcome outcome = run(args);
    EXPECT_EQ(outcome.code, 1) << args.back();
    EXPECT_TRUE(contains(outcome.err, "error: ")) << args.back();
    EXPECT_TRUE(contains(outcome.err, "--help")) << args.back();
  }
}

TEST(App, WithoutACoordinatorTheExitCodeIsFour) {
  const LabFolder lab;
  for (const std::vector<std::string>& args : {std::vector<std::string>{"status"},
                                               {"watch", "demo"},
                                               {"cancel", "demo"},
                                               {"results"},
                                               {"jobs"},
                                               {"workers"},
                                               {"logs", "0123"},
                                               {"web"},
                                               {"submit", kDemo}}) {
    const Outcome outcome = lab.run_here(args);
    EXPECT_EQ(outcome.code, 4) << args.front();
    EXPECT_TRUE(contains(outcome.err, "error: no coordinator runs on " + lab.path())) << outcome.err;
    EXPECT_TRUE(contains(outcome.err, "checkerlab-coordinator --data " + lab.path())) << outcome.err;
  }
}

TEST(App, ErrorsAreJsonWhenAskedFor) {
  const LabFolder lab;
  const Outcome outcome = lab.run_here({"status", "--json"});
  EXPECT_EQ(outcome.code, 4);
  const auto error = json::parse(outcome.err).at("error");
  EXPECT_EQ(error.at("code"), "unavailable");
  EXPECT_FALSE(error.at("fix").get<std::string>().empty());
}

TEST(App, AWrongTokenIsExitCodeFour) {
  FakeCoordinator server;
  server.answer("GET /api/v1/studies",
                {{"type", "urn:checkerlab:problem:unauthorized"},
                 {"title", "Unauthorized"},
                 {"status", 401},
                 {"detail", "the token is wrong"},
                 {"fix", "Use the one in the data directory."}},
                401);
  const LabFolder lab;
  const auto token = lab.write("other", "wrong\n");
  const Outcome outcome = lab.run_here({"status", "--url", server.url(), "--token-file", token});
  EXPECT_EQ(outcome.code, 4);
  EXPECT_TRUE(contains(outcome.err, "the token is wrong\n  fix: Use the one in the data directory.")) << outcome.err;
  EXPECT_EQ(server.asked("GET /api/v1/studies").at(0).authorization, "Bearer wrong");
}

TEST(App, AMissingTokenSaysWhereToGetIt) {
  const LabFolder lab;
  const Outcome outcome = lab.run_here({"status", "--url", "http://127.0.0.1:9"});
  EXPECT_EQ(outcome.code, 4);
  EXPECT_TRUE(contains(outcome.err, "--token-file")) << outcome.err;
}

TEST(App, AStudyThatDoesNotExistIsExitCodeOne) {
  FakeCoordinator server;
  const LabFolder lab;
  const auto token = lab.write("token", "t");
  const Outcome outcome = lab.run_here({"status", "nothing", "--url", server.url()});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_TRUE(contains(outcome.err, "/api/v1/studies/nothing")) << outcome.err;
}

TEST(App, VersionNeedsNoCoordinator) {
  const LabFolder lab;
  const Outcome outcome = lab.run_here({"version", "--json"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(json::parse(outcome.out), json({{"version", version_string()}, {"coordinator", nullptr}}));
  EXPECT_EQ(run({"--version"}).out, version_string() + "\n");
}

TEST(App, AFaultyDefinitionIsShownWithItsLineAndACaret) {
  const LabFolder lab;
  const auto study = lab.write("broken.yaml", "schema: 1\nname: broken\nmodle: {layers: 3}\n");
  const Outcome outcome = lab.run_here({"run", study});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_TRUE(contains(outcome.err, study + ":3:1: ")) << outcome.err;
  EXPECT_TRUE(contains(outcome.err, "  3 | modle: {layers: 3}\n    | ^\n")) << outcome.err;
  const Outcome as_json = lab.run_here({"run", study, "--json"});
  EXPECT_EQ(as_json.code, 1);
  const auto issues = json::parse(as_json.err).at("error").at("issues");
  EXPECT_TRUE(std::any_of(issues.begin(), issues.end(), [](const json& issue) { return issue.at("line") == 3; }));
}

TEST(App, AMissingStudyIsExitCodeOne) {
  const LabFolder lab;
  const Outcome outcome = lab.run_here({"run", lab.path() + "/none.yaml"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_TRUE(contains(outcome.err, "none.yaml does not exist")) << outcome.err;
}

TEST(App, AMissingDataSetSaysHowThePathWasTaken) {
  const LabFolder lab;
  const Outcome outcome = lab.run_here({"run", kDemo, "--dry-run", "--set",
                                        "dataset={kind: files, path: no/such/folder, classes: 4, size: 16, "
                                        "max_corrupt: 0, limit_per_class: 0}"});
  EXPECT_EQ(outcome.code, 1);
  const auto absolute = (std::filesystem::current_path() / "no/such/folder").string();
  EXPECT_TRUE(contains(outcome.err, "dataset.path: no/such/folder (" + absolute + ") does not exist")) << outcome.err;
  EXPECT_TRUE(contains(outcome.err, "--set dataset.path=")) << outcome.err;
}

TEST(App, ADryRunNeedsNoServer) {
  const LabFolder lab;
  const Outcome outcome = lab.run_here({"run", kDemo, "--dry-run"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(contains(outcome.out, "√2")) << outcome.out;
  EXPECT_TRUE(contains(outcome.out, "train model"));
  EXPECT_TRUE(contains(outcome.out, "no coordinator runs and there is no database yet"));
  const auto document = json::parse(lab.run_here({"run", kDemo, "--dry-run", "--json"}).out);
  EXPECT_TRUE(document.at("jobs_done").is_null());
  EXPECT_EQ(document.at("points").size() % 3, 0U);
  EXPECT_TRUE(std::filesystem::is_empty(lab.path()));
}

TEST(App, ADryRunOfFilesNamesTheJobsByTheContent) {
  const LabFolder lab;
  std::filesystem::create_directories(lab.path() + "/images/cat");
  lab.write("images/cat/1.png", "one");
  const std::vector<std::string> args{"run",
                                      kDemo,
                                      "--dry-run",
                                      "--json",
                                      "--set",
                                      "dataset={kind: files, path: " + lab.path() +
                                          "/images, classes: 4, size: 16, max_corrupt: 0, limit_per_class: 0}"};
  const Outcome first = lab.run_here(args);
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_TRUE(contains(first.err, "1 file, ")) << first.err;
  lab.write("images/cat/1.png", "two");
  const Outcome second = lab.run_here(args);
  EXPECT_NE(json::parse(first.out).at("points").at(0).at("score_key"),
            json::parse(second.out).at("points").at(0).at("score_key"));
}

TEST(ExitCodes, FollowTheKindOfError) {
  EXPECT_EQ(exit_code_of(Error(ErrorCode::invalid_argument, "x")), ExitCode::bad_input);
  EXPECT_EQ(exit_code_of(Error(ErrorCode::unauthorized, "x")), ExitCode::unreachable);
  EXPECT_EQ(exit_code_of(Error(ErrorCode::disk_full, "x")), ExitCode::internal);
  EXPECT_EQ(exit_code_of(Error(ErrorCode::cancelled, "x")), ExitCode::interrupted);
  EXPECT_EQ(exit_code_of(std::runtime_error("x")), ExitCode::internal);
}

}  // namespace
}  // namespace checkerlab::cli
