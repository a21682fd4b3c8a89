// One connection to the coordinator, behind a seam so that tests can be the coordinator without a socket.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "rpc/messages.hpp"
#include "rpc/problem.hpp"
#include "worker/agent/artifact_source.hpp"

namespace boost::asio {
class io_context;
}

namespace checkerlab::worker {

// All callbacks run on the io_context's thread, and none after the link is destroyed there.
struct LinkCallbacks {
  std::function<void()> on_open;
  std::function<void(rpc::CoordinatorMessage)> on_message;
  std::function<void(const rpc::Problem&)> on_close;  // at most once, also when it never opened
};

// Used on the io_context's thread alone.
class Link {
 public:
  virtual ~Link() = default;
  virtual void send(const rpc::WorkerMessage& message) = 0;
  virtual void close() = 0;  // after everything sent has left
  // The address of this machine that the connection leaves from, once it is open.
  virtual std::string local_host() const = 0;
};

// Starts connecting; may throw Error when not even that is possible.
using LinkFactory = std::function<std::unique_ptr<Link>(LinkCallbacks)>;

// Connects to `endpoint()` by WebSocket.
LinkFactory websocket_links(boost::asio::io_context& context, EndpointProvider endpoint);

}  // namespace checkerlab::worker
