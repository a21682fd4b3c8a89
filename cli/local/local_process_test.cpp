#include "cli/local/local_process.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include "base/error.hpp"
#include "cli/local/local_server.hpp"
#include "cli/testing/fake_coordinator.hpp"
#include "cli/testing/lab_folder.hpp"

namespace checkerlab::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::FakeCoordinator;
using testing::LabFolder;

LocalProcess shell(const LabFolder& folder, const std::string& script) {
  return {"worker", "/bin/sh", {"-c", script}, folder.path() + "/logs/worker.log"};
}

std::string end_of(LocalProcess& process) {
  try {
    process.expect_running_for(seconds(30));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::internal);
    return error.what();
  }
  return "it runs";
}

TEST(LocalProcess, AnUnexpectedEndShowsTheLastLinesOfItsLog) {
  const LabFolder folder;
  auto process = shell(folder, "echo one; echo 'error: no device' >&2; exit 3");
  EXPECT_EQ(end_of(process), "the worker ended with exit code 3; its last lines:\none\nerror: no device");
  auto again = shell(folder, "exit 4");
  EXPECT_EQ(end_of(again), "the worker ended with exit code 4");
}

TEST(LocalProcess, ASignalIsNamed) {
  const LabFolder folder;
  auto process = shell(folder, "kill -9 $$");
  EXPECT_EQ(end_of(process), "the worker ended with signal 9 (SIGKILL)");
}

TEST(LocalProcess, StopKillsWhatDoesNotEndByItself) {
  const LabFolder folder;
  auto process = shell(folder, "trap '' TERM; while :; do sleep 60; done");
  EXPECT_NO_THROW(process.expect_running());
  process.stop(milliseconds{50});
  EXPECT_NE(::kill(process.pid(), 0), 0);
}

TEST(LocalProcess, AMissingProgramIsAnError) {
  const LabFolder folder;
  EXPECT_THROW(LocalProcess("worker", "/no/such/program", {}, folder.path() + "/w.log"), Error);
}

TEST(LastLines, StartsAtTheGivenByte) {
  const LabFolder folder;
  const auto file = folder.write("log", "old\na\nb\nc\n");
  EXPECT_EQ(last_lines(file, 4, 2), "b\nc");
  EXPECT_EQ(last_lines(file, 4, 9), "a\nb\nc");
  EXPECT_EQ(last_lines(file, 10, 9), "");
  EXPECT_EQ(last_lines(folder.path() + "/none", 0, 9), "");
}

TEST(RunningCoordinator, IsTheOneThatAnswers) {
  const LabFolder folder;
  EXPECT_FALSE(running_coordinator(folder.path(), {}));
  FakeCoordinator server;
  folder.write("token", "secret\n");
  folder.write("coordinator.json", nlohmann::json({{"url", server.url()}, {"pid", 1}}).dump());
  const auto endpoint = running_coordinator(folder.path(), {});
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->token, "secret");
}

TEST(RunningCoordinator, AFileLeftBehindIsNone) {
  const LabFolder folder;
  std::string url;
  {
    FakeCoordinator gone;
    url = gone.url();
  }
  folder.write("token", "secret\n");
  folder.write("coordinator.json", nlohmann::json({{"url", url}, {"pid", 1}}).dump());
  EXPECT_FALSE(running_coordinator(folder.path(), {}));
}

TEST(LocalServer, ADataDirectoryThatCannotBeMadeIsAnError) {
  const LabFolder folder;
  const auto file = folder.write("file", "");
  try {
    LocalServer::start(file + "/data", {});
    FAIL() << "it started";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::io_error);
    EXPECT_NE(std::string(error.what()).find(file + "/data"), std::string::npos);
  }
}

}  // namespace
}  // namespace checkerlab::cli
