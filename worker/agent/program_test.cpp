// The whole worker program: its command line, and that a killed agent leaves no runner behind.
#include "worker/agent/program.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

#include "base/child_process.hpp"
#include "base/files.hpp"
#include "base/pipe.hpp"
#include "worker/agent/command_line.hpp"

namespace checkerlab::worker {
namespace {

using ::testing::HasSubstr;

ParsedCommandLine parse(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "checkerlab-worker");
  std::vector<char*> argv;
  for (auto& argument : arguments)
    argv.push_back(argument.data());
  return parse_command_line(static_cast<int>(argv.size()), argv.data());
}

TEST(CommandLine, ReadsSizesWithUnits) {
  const auto parsed = parse({"--cache-limit", "5GB", "--slots", "2", "--device", "cpu"});
  ASSERT_TRUE(parsed.options.has_value());
  EXPECT_EQ(parsed.options->cache_limit, 5'000'000'000U);
  EXPECT_EQ(parsed.options->slots, 2);
  EXPECT_EQ(parse({}).options->cache_limit, 20'000'000'000U);
}

TEST(CommandLine, ReadsLabels) {
  const auto parsed = parse({"--label", "gpu=h100", "--label", "site=a=b"});
  ASSERT_TRUE(parsed.options.has_value());
  EXPECT_EQ(parsed.options->labels, (std::vector<std::string>{"gpu=h100", "site=a=b"}));
  EXPECT_EQ(parse({"--label", "h100"}).exit_code, 2);
  EXPECT_EQ(parse({"--label", "=h100"}).exit_code, 2);
  EXPECT_EQ(parse({"--label", "a=" + std::string(101, 'x')}).exit_code, 2);
}

TEST(CommandLine, ReadsWhereOtherWorkersReachIt) {
  EXPECT_EQ(parse({"--gang-host", "10.0.0.7"}).options->gang_host, "10.0.0.7");
  EXPECT_EQ(parse({}).options->gang_host, "");
}

TEST(CommandLine, TakesOneDeviceOfSeveral) {
  EXPECT_EQ(parse({"--device", "cuda:1"}).options->device, "cuda:1");
  for (const char* wrong : {"cuda:", "cuda:x", "cuda:1x", "cuda:-1", "cpu:0"})
    EXPECT_EQ(parse({"--device", wrong}).exit_code, 2) << wrong;
}

TEST(CommandLine, RefusesWrongUsageWithItsOwnExitCode) {
  EXPECT_EQ(parse({"--slots", "0"}).exit_code, 2);
  EXPECT_EQ(parse({"--device", "abacus"}).exit_code, 2);
  EXPECT_EQ(parse({"--no-such-option"}).exit_code, 2);
}

TEST(CommandLine, HelpIsNoFailure) {
  const auto parsed = parse({"--help"});
  EXPECT_FALSE(parsed.options.has_value());
  EXPECT_EQ(parsed.exit_code, 0);
}

// The program as a user starts it, with its standard error in a pipe.
class WorkerProgram {
 public:
  explicit WorkerProgram(std::vector<std::string> arguments)
      : child_({with_program(std::move(arguments)), {{"CHECKERLAB_TOKEN", "secret"}}, {{2, output_.write.get()}}}) {
    output_.write.reset();
  }

  ChildProcess& child() { return child_; }

  // Reads standard error until `text` appears; answers everything up to the end of that line, or all when the program
  // ended first.
  std::string read_until(const std::string& text) {
    std::array<char, 1> byte{};
    while (seen_.find(text) == std::string::npos || seen_.back() != '\n') {
      if (::read(output_.read.get(), byte.data(), 1) != 1) break;
      seen_ += byte[0];
    }
    return seen_;
  }

 private:
  static std::vector<std::string> with_program(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), CHECKERLAB_BIN_DIR "/noop_worker");
    return arguments;
  }

  Pipe output_;
  ChildProcess child_;
  std::string seen_;
};

std::vector<std::string> unreachable(const TemporaryFolder& folder) {
  return {"--url", "http://127.0.0.1:9", "--cache", (folder.path() / "cache").string()};
}

int runner_pid(WorkerProgram& worker) {
  const std::string before = "runner started, process ";
  const auto text = worker.read_until(before);
  return std::stoi(text.substr(text.find(before) + before.size()));
}

TEST(WorkerProgram, AKilledAgentLeavesNoRunner) {
  const TemporaryFolder folder;
  WorkerProgram worker(unreachable(folder));
  const int pid = runner_pid(worker);
  pollfd runner{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)), POLLIN, 0};
  ASSERT_GE(runner.fd, 0);
  ::kill(worker.child().pid(), SIGKILL);
  EXPECT_EQ(::poll(&runner, 1, 10'000), 1) << "the runner outlived its agent";
  ::close(runner.fd);
}

TEST(WorkerProgram, ATerminatedAgentEndsWithItsRunners) {
  const TemporaryFolder folder;
  WorkerProgram worker(unreachable(folder));
  const int pid = runner_pid(worker);
  ::kill(worker.child().pid(), SIGTERM);
  const auto status = worker.child().wait(std::chrono::seconds(10));
  ASSERT_TRUE(status.has_value());
  EXPECT_TRUE(status->ok()) << status->text();
  EXPECT_NE(::kill(pid, 0), 0);
}

TEST(WorkerProgram, RefusesAGangHostThatIsNoAddressOfItsMachine) {
  const TemporaryFolder folder;
  auto arguments = unreachable(folder);
  arguments.insert(arguments.end(), {"--gang-host", "192.0.2.1"});
  WorkerProgram worker(arguments);
  EXPECT_THAT(worker.read_until("error: "), HasSubstr("192.0.2.1"));
  EXPECT_EQ(worker.child().wait(std::chrono::seconds(10))->code, 1);
}

TEST(WorkerProgram, SaysWhatIsWrongWithTheCoordinatorsAddress) {
  const TemporaryFolder folder;
  WorkerProgram worker({"--url", "ftp://example.org", "--cache", folder.path().string()});
  EXPECT_THAT(worker.read_until("error: "), HasSubstr("ftp://example.org"));
  EXPECT_EQ(worker.child().wait(std::chrono::seconds(10))->code, 1);
}

}  // namespace
}  // namespace checkerlab::worker
