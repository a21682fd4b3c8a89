// The coordinator's side of one worker connection, implemented by whatever holds the socket.
//
// Owned by the connection and shared with the coordinator until Coordinator::session_closed. All calls come from the
// coordinator's thread and must not block: `send` queues. Neither may call back into the coordinator.
#pragma once

#include <cstdint>
#include <string>

#include "rpc/messages.hpp"

namespace checkerlab::coordinator {

// Names a connection; never reused while the process lives.
enum class SessionId : std::uint64_t {};

// What a connection proved: the id of its token, and the one name that a worker may have with it (empty: any).
struct WorkerCredential {
  std::string token;
  std::string worker;
};

class WorkerLink {
 public:
  virtual ~WorkerLink() = default;

  // Queues one message for the worker.
  virtual void send(const rpc::CoordinatorMessage& message) = 0;

  // Closes the connection after what is queued was sent; the worker reconnects by itself.
  virtual void close(const std::string& reason) = 0;
};

}  // namespace checkerlab::coordinator
