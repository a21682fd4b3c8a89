#include "worker/agent/testing/running_agent.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace checkerlab::worker::testing {

RunningAgent::RunningAgent(const Prepare& prepare) : coordinator_(context_) {
  AgentOptions options;
  options.name = "test";
  options.kinds = {"noop", "copy"};
  options.runner_command = {CHECKERLAB_BIN_DIR "/noop_worker", "runner"};
  options.device_info = {"cpu", "test", 0, 1};
  options.cache_folder = folder_.path() / "cache";
  options.reconnect = {std::chrono::milliseconds(5), std::chrono::milliseconds(20)};
  options.cancel_grace = std::chrono::milliseconds(300);
  prepare(options, coordinator_);
  thread_ = std::thread([this, options] { run(options); });
  started_.get_future().get();
}

RunningAgent::~RunningAgent() {
  if (thread_.joinable()) stop();
}

void RunningAgent::run(AgentOptions options) {
  Agent agent(context_, std::move(options), {coordinator_.links(), coordinator_.artifacts(), files_, clock_});
  agent_ = &agent;
  agent.start([this](const std::optional<rpc::Problem>& problem) {
    refused_ = problem;
    context_.stop();
  });
  started_.set_value();
  context_.run();
}

std::vector<int> RunningAgent::runner_pids() {
  std::promise<std::vector<int>> pids;
  boost::asio::post(context_, [&] { pids.set_value(agent_->runner_pids()); });
  return pids.get_future().get();
}

std::optional<rpc::Problem> RunningAgent::stop() {
  boost::asio::post(context_, [this] { agent_->stop(); });
  return wait_stopped();
}

std::optional<rpc::Problem> RunningAgent::wait_stopped() {
  thread_.join();
  return refused_;
}

}  // namespace checkerlab::worker::testing
