// Connections between workers and the coordinator. Within one, frames arrive in order, as over TCP; they may be late,
// end early, or never arrive. Several of one worker may be under way at once. For one thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "coordinator/service/worker_link.hpp"
#include "rpc/messages.hpp"

namespace checkerlab::simulation {

struct Connection {
  std::size_t worker = 0;
  std::string worker_id;  // as the coordinator calls it, once welcomed
  coordinator::SessionId session{};
  std::deque<rpc::WorkerMessage> to_core;
  std::deque<rpc::CoordinatorMessage> to_worker;
  bool core_is_there = true;    // false: its process died; nothing arrives there
  bool core_closed = false;     // after what is in to_worker
  bool worker_is_there = true;  // false: after what is in to_core the coordinator learns it
  bool swallowed = false;       // the network takes everything and tells nobody

  // Both sides are there and nothing is under way.
  bool quiet() const {
    return core_is_there && !core_closed && worker_is_there && !swallowed && to_core.empty() && to_worker.empty();
  }
  bool over() const {
    const bool core_done = !core_is_there || swallowed || (!worker_is_there && to_core.empty());
    return core_done && !worker_is_there;
  }
};

using Sent = std::function<void(const Connection&, const rpc::CoordinatorMessage&)>;

// The coordinator's end of a connection.
class SimulatedLink final : public coordinator::WorkerLink {
 public:
  // `sent` hears of every message, also of those that get lost.
  SimulatedLink(std::shared_ptr<Connection> connection, Sent sent)
      : connection_(std::move(connection)), sent_(std::move(sent)) {}

  void send(const rpc::CoordinatorMessage& message) override {
    sent_(*connection_, message);
    if (!connection_->swallowed) connection_->to_worker.push_back(message);
  }
  void close(const std::string&) override { connection_->core_closed = true; }

 private:
  std::shared_ptr<Connection> connection_;
  Sent sent_;
};

}  // namespace checkerlab::simulation
