// A few threads that move artifacts, hash and touch the disk, so that the agent's own thread never waits.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "worker/agent/artifact_source.hpp"

namespace boost::asio {
class io_context;
}

namespace checkerlab::worker {

class Transfers {
 public:
  using Work = std::function<void(ArtifactSource&)>;
  using Done = std::function<void(const std::exception_ptr&)>;

  Transfers(boost::asio::io_context& context, ArtifactSourceFactory factory, int threads);
  // Cuts off what is in progress and waits for the threads. No `done` runs afterwards unless the io_context goes on.
  ~Transfers();
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  // Calls `work` on one of the threads, then `done` on the io_context's thread with what `work` threw, or nothing.
  void run(Work work, Done done);

 private:
  struct Task {
    Work work;
    Done done;
  };
  void serve(const std::stop_token& stop);

  boost::asio::io_context& context_;
  ArtifactSourceFactory factory_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Task> waiting_;
  std::vector<std::jthread> threads_;  // last: joined before the rest goes
};

}  // namespace checkerlab::worker
