// The worker's asynchronous WebSocket connection to the coordinator.
//
// Ownership: the caller owns the io_context and the client; the client keeps its connection alive by itself until it is
// closed, so destroying the client is safe at any time (no callback runs after the destructor when it runs on the
// io_context's thread). Threads: `open`, `send`, `close` and `pending_bytes` may be called from any thread; callbacks
// run on the io_context's thread. One client is one connection: after on_close make a new one to reconnect. Sending:
// messages queued while a write is under way leave together as `batch` frames of bounded size; TCP_NODELAY is set.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "rpc/endpoint.hpp"
#include "rpc/problem.hpp"

namespace boost::asio {
class io_context;
}

namespace checkerlab::rpc {

struct WebSocketOptions {
  std::string target = "/api/v1/workers/session";
  std::chrono::milliseconds handshake_timeout{5'000};
  std::chrono::milliseconds idle_timeout{30'000};  // pings are sent at half of it; silence for all of it closes
  std::size_t max_message_bytes = 64U << 20;
};

struct WebSocketCallbacks {
  std::function<void()> on_open;                     // the handshake is done
  std::function<void(std::string text)> on_message;  // one text frame; decode with decode_coordinator_frame
  // Called exactly once when the connection ended or never came to be. `problem.status` is the HTTP status of a refused
  // handshake (401: wrong token), 0 for transport trouble, 1000 for a close that either side asked for.
  std::function<void(const Problem& problem)> on_close;
};

class WebSocketClient {
 public:
  WebSocketClient(boost::asio::io_context& context, Endpoint endpoint, WebSocketCallbacks callbacks,
                  WebSocketOptions options = {});
  ~WebSocketClient();
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;

  void open();                        // resolves, connects, shakes hands; call once
  void send(std::string text);        // one message object of rpc/messages.hpp as text; dropped after close
  void close();                       // sends what is queued, then a normal close; on_close follows
  std::size_t pending_bytes() const;  // queued and not yet handed to the socket
  // The address of this machine that the connection leaves from; empty before on_open. On the io_context's thread.
  std::string local_host() const;

 private:
  class Connection;
  std::shared_ptr<Connection> connection_;
};

}  // namespace checkerlab::rpc
