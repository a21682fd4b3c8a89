// A worker's agent: takes jobs from the coordinator, has runner processes do them, and reports. This class wires its
// parts together.
//
// Everything runs on the thread that runs the io_context, apart from transfers. That thread must be the one that
// constructs the agent and must live as long as it: the runners die with it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "worker/agent/attempts.hpp"
#include "worker/agent/device_load.hpp"

namespace checkerlab::worker {

struct AgentOptions {
  std::string name;
  int slots = 1;
  int prefetch = 4;
  std::vector<std::string> kinds;           // what the runner can do
  std::vector<std::string> runner_command;  // how to start one
  std::string device = "cpu";               // what the runner is told
  rpc::DeviceInfo device_info;
  DeviceLoadReader device_load = no_device_load;
  std::filesystem::path cache_folder;  // this agent's own
  std::uint64_t cache_limit_bytes = 20'000'000'000;
  BackoffLimits reconnect;
  std::chrono::milliseconds cancel_grace{700};
  std::map<std::string, std::string> labels = {};  // what jobs may ask for
  std::string gang_host = {};                      // see AttemptServices
  std::chrono::milliseconds gang_grace{500};       // see AttemptServices
};

// What the agent reaches the outside through.
struct AgentSeams {
  LinkFactory links;
  ArtifactSourceFactory artifacts;
  Files& files;
  const Clock& clock;
};

class Agent {
 public:
  // Starts the runners. Throws Error when the cache folder cannot be used or the runner cannot be started.
  Agent(boost::asio::io_context& context, AgentOptions options, AgentSeams seams);

  // Connects and works until stopped. `stopped` is called once, with the reason when the coordinator refused this
  // worker for good.
  void start(std::function<void(const std::optional<rpc::Problem>&)> stopped);

  // Takes nothing more, gives back what it has (checkpoints stay) and calls `stopped` within a second.
  void stop();

  std::vector<int> runner_pids() const { return runners_.pids(); }

 private:
  rpc::Hello hello() const;
  SessionCallbacks session_callbacks();
  PoolCallbacks pool_callbacks();
  void take(rpc::CoordinatorMessage message);
  void changed();
  void say_goodbye();
  void finish(const std::optional<rpc::Problem>& problem);

  AgentOptions options_;
  std::string instance_;
  ArtifactCache cache_;
  Transfers transfers_;
  RunnerPool runners_;
  Session session_;
  Attempts attempts_;
  boost::asio::steady_timer deadline_;
  enum class State { working, draining, stopping, leaving, stopped } state_ = State::working;
  std::function<void(const std::optional<rpc::Problem>&)> stopped_;
};

}  // namespace checkerlab::worker
