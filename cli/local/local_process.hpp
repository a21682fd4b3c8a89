// A program of ours that runs as a child for as long as this object lives: its output goes to a log file, it dies with
// its parent, and an unexpected end becomes an Error that shows the log's last lines. Not thread-safe; to be made on
// the main thread (the kernel ties the child to the thread that made it).
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/child_process.hpp"

namespace checkerlab::cli {

class LocalProcess {
 public:
  // Starts `program` with `arguments`; `name` is what messages call it. Standard output and error are appended to
  // `log`, a log beyond 16 MiB is set aside as `<log>.old` first. Throws Error when it cannot be started.
  LocalProcess(std::string name, const std::filesystem::path& program, const std::vector<std::string>& arguments,
               std::filesystem::path log);

  // Throws Error(internal) when the program has ended.
  void expect_running();

  // Waits up to `limit` for the program's end; throws as expect_running when it ends.
  void expect_running_for(std::chrono::milliseconds limit);

  // SIGTERM, then SIGKILL to its whole group after `grace`. Nothing happens when it has ended.
  void stop(std::chrono::milliseconds grace);

  pid_t pid() const { return child_.pid(); }
  const std::filesystem::path& log() const { return log_; }

 private:
  [[noreturn]] void report_end(const ExitStatus& status) const;

  std::string name_;
  std::filesystem::path log_;
  std::uintmax_t log_start_;  // size of the log when the program was started: what stands before is not its own
  ChildProcess child_;
};

// The last `lines` lines of the text in `file` behind byte `from`; empty when it cannot be read.
std::string last_lines(const std::filesystem::path& file, std::uintmax_t from, int lines);

}  // namespace checkerlab::cli
