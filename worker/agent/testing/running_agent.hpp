// An agent that runs on a thread of its own against a FakeCoordinator, with real runner processes.
#pragma once

#include <boost/asio/io_context.hpp>
#include <future>
#include <optional>
#include <thread>
#include <vector>

#include "base/files.hpp"
#include "worker/agent/agent.hpp"
#include "worker/agent/testing/fake_coordinator.hpp"

namespace checkerlab::worker::testing {

class RunningAgent {
 public:
  // `prepare` may alter the options and the coordinator before the agent is made.
  using Prepare = std::function<void(AgentOptions&, FakeCoordinator&)>;
  explicit RunningAgent(const Prepare& prepare = [](AgentOptions&, FakeCoordinator&) {});
  ~RunningAgent();

  FakeCoordinator& coordinator() { return coordinator_; }
  std::vector<int> runner_pids();

  // Stops gracefully and waits for the end; answers why the coordinator refused, if it did.
  std::optional<rpc::Problem> stop();
  // Waits for the agent to end by itself.
  std::optional<rpc::Problem> wait_stopped();

  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  void run(AgentOptions options);

  TemporaryFolder folder_;
  SystemFiles files_;
  SystemClock clock_;
  boost::asio::io_context context_;
  FakeCoordinator coordinator_;
  Agent* agent_ = nullptr;  // on thread_
  std::promise<void> started_;
  std::optional<rpc::Problem> refused_;
  std::thread thread_;
};

}  // namespace checkerlab::worker::testing
