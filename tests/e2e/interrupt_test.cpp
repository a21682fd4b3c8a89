// Ctrl-C of `checkerlab run`: nothing stays behind, and the next run goes on where it stopped.
#include <gtest/gtest.h>
#include <signal.h>

#include "base/files.hpp"
#include "tests/e2e/stack.hpp"

namespace checkerlab::e2e {
namespace {

using namespace std::chrono_literals;

TEST(Interrupt, LeavesNothingBehindAndTheNextRunContinues) {
  const TemporaryFolder folder("checkerlab-interrupt");
  const std::string data = folder.path().string();
  const std::vector<std::string> command{program("checkerlab"), "run", e2e_file("tiny.yaml"), "--data", data};
  ChildProcess child = start(command, folder.path() / "out", folder.path() / "err");
  // Its progress lines say when the first job has begun.
  while (read_file(folder.path() / "err").find("train tokenizer") == std::string::npos) {
    ASSERT_FALSE(child.wait(20ms)) << read_file(folder.path() / "err");
  }
  ::kill(child.pid(), SIGINT);
  const auto status = child.wait(10s);
  ASSERT_TRUE(status) << "still running ten seconds after Ctrl-C";
  EXPECT_EQ(status->code, 130) << status->text();
  EXPECT_TRUE(processes_naming(data).empty()) << "a process stayed behind";
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "coordinator.json"));

  const Finished again = run(command);
  EXPECT_TRUE(again.status.ok()) << again.out << again.err;
}

}  // namespace
}  // namespace checkerlab::e2e
