#include "base/child_process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>

#include "base/error.hpp"

namespace checkerlab {
namespace {

using namespace std::chrono_literals;

std::string read_all(int fd) {
  std::string text;
  std::array<char, 256> buffer{};
  for (ssize_t got = 0; (got = ::read(fd, buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(got));
  return text;
}

TEST(ChildProcess, ReportsTheExitCode) {
  ChildProcess child({.arguments = {"/bin/sh", "-c", "exit 3"}});
  const auto status = child.wait(10s);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->text(), "exit code 3");
  EXPECT_FALSE(status->ok());
}

TEST(ChildProcess, NamesTheSignal) {
  ChildProcess child({.arguments = {"/bin/sh", "-c", "kill -SEGV $$"}});
  const auto status = child.wait(10s);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->text(), "signal 11 (SIGSEGV)");
}

TEST(ChildProcess, PassesDescriptorsAndEnvironment) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  ChildProcess child({.arguments = {"/bin/sh", "-c", "echo $CHECKERLAB_TEST >&3"},
                      .environment = {{"CHECKERLAB_TEST", "hello"}},
                      .descriptors = {{3, pipe[1]}}});
  ::close(pipe[1]);
  EXPECT_EQ(read_all(pipe[0]), "hello\n");
  ::close(pipe[0]);
  EXPECT_TRUE(child.wait(10s)->ok());
}

TEST(ChildProcess, StopKillsAGroupThatIgnoresTheRequest) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  // The grandchild holds the pipe's other end: the end of the file shows that it is gone too.
  ChildProcess child(
      {.arguments = {"/bin/sh", "-c", "trap '' TERM; sh -c 'trap \"\" TERM; echo up >&3; while :; do :; done' & wait"},
       .descriptors = {{3, pipe[1]}}});
  ::close(pipe[1]);
  std::array<char, 3> up{};
  ASSERT_EQ(::read(pipe[0], up.data(), up.size()), 3);
  const ExitStatus status = child.stop(10ms);
  EXPECT_EQ(status.signal, SIGKILL);
  EXPECT_EQ(read_all(pipe[0]), "");
  ::close(pipe[0]);
}

TEST(ChildProcess, AMissingProgramIsAnError) {
  try {
    ChildProcess child({.arguments = {"/nowhere/program"}});
    FAIL() << "started";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_NE(std::string(error.what()).find("/nowhere/program"), std::string::npos);
  }
}

TEST(ChildProcess, StillRunningGivesNothing) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  ChildProcess child({.arguments = {"/bin/sh", "-c", "read line"}, .descriptors = {{0, pipe[0]}}});
  EXPECT_FALSE(child.wait(0ms));
  ::close(pipe[1]);  // the end of its input lets it end
  EXPECT_TRUE(child.wait(10s));
  ::close(pipe[0]);
}

TEST(OwnProcess, knowsItsProgramAndArguments) {
  EXPECT_EQ(own_executable().filename(), "base_test");
  auto given = testing::internal::GetArgvs();
  given.erase(given.begin());
  EXPECT_EQ(own_arguments(), given);
}

}  // namespace
}  // namespace checkerlab
