// A coordinator, and when wanted a worker, that this program started for itself on this machine. Destroying it stops
// both. Not thread-safe; to be made on the main thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>

#include "cli/local/local_process.hpp"
#include "rpc/endpoint.hpp"

namespace checkerlab::cli {

// True when the coordinator at `endpoint` answers its health check.
bool answers(const rpc::Endpoint& endpoint, std::stop_token stop);

// The coordinator that runs on `data` and answers; nothing when there is none.
std::optional<rpc::Endpoint> running_coordinator(const std::filesystem::path& data, std::stop_token stop);

class LocalServer {
 public:
  // Starts `checkerlab-coordinator` on `data` at a free port of 127.0.0.1 and waits until it answers. Throws Error when
  // it ends or does not answer within 20 seconds, Error(cancelled) when `stop` is triggered.
  static LocalServer start(const std::filesystem::path& data, const std::stop_token& stop);

  // Only a worker, for a coordinator that somebody else started.
  static LocalServer worker_for(const rpc::Endpoint& endpoint, const std::filesystem::path& data);

  void start_worker(const rpc::Endpoint& endpoint);

  // Throws Error when a program that was started has ended.
  void expect_running();

  // Worker first, then the coordinator; a few seconds at most. Does nothing the second time.
  void stop();

  const rpc::Endpoint& endpoint() const { return endpoint_; }
  bool owns_coordinator() const { return coordinator_ != nullptr; }

  ~LocalServer();
  LocalServer(LocalServer&&) noexcept = default;
  LocalServer& operator=(LocalServer&&) = delete;

 private:
  explicit LocalServer(std::filesystem::path data);
  void await_health(const std::stop_token& stop);

  std::filesystem::path data_;
  rpc::Endpoint endpoint_;
  std::unique_ptr<LocalProcess> coordinator_;
  std::unique_ptr<LocalProcess> worker_;
};

}  // namespace checkerlab::cli
