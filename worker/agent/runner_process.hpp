// One runner child as the agent sees it: commands in, events and printed lines out, and how it ended.
//
// Runs on the io_context's thread alone, which must be the thread that constructs it (the child dies with that thread).
// The child is killed with its whole process group when the object goes; no callback runs afterwards.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/child_process.hpp"
#include "worker/protocol/messages.hpp"

namespace boost::asio {
class io_context;
}

namespace checkerlab::worker {

struct RunnerCallbacks {
  std::function<void(const Event&)> on_event;
  std::function<void(const std::string& line)> on_output;  // a line of stdout or stderr
  // Called once, after everything the process said was delivered. `complaint` tells what was wrong with its last words,
  // if they were no event.
  std::function<void(const ExitStatus& status, const std::string& complaint)> on_exit;
};

class RunnerProcess {
 public:
  // Starts `command`. Throws Error when the program cannot be started.
  RunnerProcess(boost::asio::io_context& context, const std::vector<std::string>& command, RunnerCallbacks callbacks);
  ~RunnerProcess();
  RunnerProcess(const RunnerProcess&) = delete;
  RunnerProcess& operator=(const RunnerProcess&) = delete;

  // Commands sent while a write is under way leave together.
  void send(const Command& command);

  // SIGKILL to the process group; on_exit follows.
  void kill();

  int pid() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace checkerlab::worker
