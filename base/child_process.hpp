// A child process with its own process group, that dies with its parent.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace checkerlab {

struct ChildOptions {
  std::vector<std::string> arguments;              // argv, the program's path first
  std::map<std::string, std::string> environment;  // added to (or replacing) the parent's
  std::map<int, int> descriptors;                  // child's fd → parent's fd; all others are closed on exec
  bool die_with_parent = true;  // SIGKILL when the spawning thread's process is gone (PR_SET_PDEATHSIG)
};

struct ExitStatus {
  int code = 0;    // exit code when it exited
  int signal = 0;  // signal number when it was killed, else 0
  bool ok() const { return code == 0 && signal == 0; }
  // "exit code 3" or "signal 11 (SIGSEGV)".
  std::string text() const;
};

// Owns the child: the destructor kills its whole group and reaps it. Not thread-safe.
class ChildProcess {
 public:
  // Throws Error (not_found if the program does not exist, io_error else).
  explicit ChildProcess(const ChildOptions& options);
  ~ChildProcess();
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;

  pid_t pid() const { return pid_; }
  // Sends the signal to the child's process group; nothing happens if it has ended.
  void signal_group(int signal);
  // The status if the child has ended.
  std::optional<ExitStatus> poll();
  // Waits at most `limit`; nothing if it still runs then.
  std::optional<ExitStatus> wait(std::chrono::milliseconds limit);
  // SIGTERM, at most `grace`, then SIGKILL; returns when the child is gone.
  ExitStatus stop(std::chrono::milliseconds grace);

 private:
  pid_t pid_ = -1;
  std::optional<ExitStatus> status_;
};

// The path of the running program, and the arguments that it was started with (without the program's name).
std::filesystem::path own_executable();
std::vector<std::string> own_arguments();

}  // namespace checkerlab
