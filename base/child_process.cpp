#include "base/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <utility>

#include "base/error.hpp"

extern char** environ;

namespace checkerlab {
namespace {

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& extra) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text(*entry);
    if (!extra.contains(text.substr(0, text.find('=')))) merged.push_back(text);
  }
  for (const auto& [name, value] : extra)
    merged.push_back(name + "=" + value);
  return merged;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts)
    out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

// Everything below runs between fork and exec: only async-signal-safe calls.
void place_descriptors(const std::vector<std::pair<int, int>>& wanted, std::vector<int>& lifted) {
  // Lift all sources above the targets first, so that no target overwrites a source still needed.
  for (std::size_t i = 0; i < wanted.size(); ++i)
    lifted[i] = ::fcntl(wanted[i].second, F_DUPFD, 64);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    ::dup2(lifted[i], wanted[i].first);
    ::close(lifted[i]);
  }
}

[[noreturn]] void fail_child(int error_pipe) {
  const int error = errno;
  [[maybe_unused]] const auto ignored = ::write(error_pipe, &error, sizeof error);
  ::_exit(127);
}

}  // namespace

std::string ExitStatus::text() const {
  if (signal == 0) return "exit code " + std::to_string(code);
  const char* name = ::sigabbrev_np(signal);
  return "signal " + std::to_string(signal) + (name != nullptr ? " (SIG" + std::string(name) + ")" : "");
}

ChildProcess::ChildProcess(const ChildOptions& options) {
  auto arguments = options.arguments;
  auto environment = merged_environment(options.environment);
  const auto argv = pointers(arguments);
  const auto envp = pointers(environment);
  const std::vector<std::pair<int, int>> wanted(options.descriptors.begin(), options.descriptors.end());
  std::vector<int> lifted(wanted.size());
  std::array<int, 2> error_pipe{};
  if (::pipe2(error_pipe.data(), O_CLOEXEC) != 0) throw errno_error(errno, "make a pipe");
  const pid_t parent = ::getpid();

  pid_ = ::fork();
  if (pid_ < 0) {
    ::close(error_pipe[0]);
    ::close(error_pipe[1]);
    throw errno_error(errno, "start " + options.arguments.at(0));
  }
  if (pid_ == 0) {
    ::setpgid(0, 0);
    if (options.die_with_parent) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(127);  // the parent died in between
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    // Keep the error pipe clear of the wanted numbers.
    const int report = ::fcntl(error_pipe[1], F_DUPFD_CLOEXEC, 128);
    ::syscall(SYS_close_range, 3U, 63U, 4U /* CLOSE_RANGE_CLOEXEC */);
    place_descriptors(wanted, lifted);
    ::execve(argv[0], argv.data(), envp.data());
    fail_child(report);
  }
  ::setpgid(pid_, pid_);
  ::close(error_pipe[1]);
  int error = 0;
  const auto got = ::read(error_pipe[0], &error, sizeof error);
  ::close(error_pipe[0]);
  if (got == static_cast<ssize_t>(sizeof error)) {
    ::waitpid(pid_, nullptr, 0);
    throw errno_error(error, "start " + options.arguments.at(0));
  }
}

ChildProcess::~ChildProcess() {
  if (pid_ < 0) return;
  signal_group(SIGKILL);
  if (!status_) ::waitpid(pid_, nullptr, 0);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), status_(std::exchange(other.status_, std::nullopt)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(status_, other.status_);
  return *this;
}

void ChildProcess::signal_group(int signal) {
  // After the leader was reaped its number may belong to somebody else.
  if (pid_ > 0 && !status_) ::kill(-pid_, signal);
}

std::optional<ExitStatus> ChildProcess::poll() {
  if (status_) return status_;
  int raw = 0;
  pid_t got = 0;
  do {
    got = ::waitpid(pid_, &raw, WNOHANG);
  } while (got < 0 && errno == EINTR);
  if (got != pid_) return std::nullopt;
  status_ = WIFSIGNALED(raw) ? ExitStatus{0, WTERMSIG(raw)} : ExitStatus{WEXITSTATUS(raw), 0};
  return status_;
}

std::optional<ExitStatus> ChildProcess::wait(std::chrono::milliseconds limit) {
  if (auto done = poll()) return done;
  const int fd = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (fd < 0) throw errno_error(errno, "watch process " + std::to_string(pid_));
  pollfd watched{fd, POLLIN, 0};
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    const int ready = ::poll(&watched, 1, left > 0 ? static_cast<int>(left) : 0);
    if (ready >= 0 || errno != EINTR) break;
  }
  ::close(fd);
  return poll();
}

ExitStatus ChildProcess::stop(std::chrono::milliseconds grace) {
  signal_group(SIGTERM);
  if (auto done = wait(grace)) return *done;
  signal_group(SIGKILL);
  for (;;) {
    if (auto done = wait(std::chrono::seconds(10))) return *done;
  }
}

std::filesystem::path own_executable() {
  return std::filesystem::read_symlink("/proc/self/exe");
}

std::vector<std::string> own_arguments() {
  std::ifstream stream("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> arguments;
  for (std::string argument; std::getline(stream, argument, '\0');)
    arguments.push_back(argument);
  if (!arguments.empty()) arguments.erase(arguments.begin());
  return arguments;
}

}  // namespace checkerlab
