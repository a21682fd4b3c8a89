// TCP sockets for a gang: to listen, to connect, to wait with a deadline and a way out.
//
// Sockets made here are non-blocking, close on exec, send small messages at once (TCP_NODELAY) and notice a peer's host
// that vanished after half a minute (keepalive, TCP_USER_TIMEOUT). Not thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/pipe.hpp"

namespace checkerlab {

using GangDeadline = std::chrono::steady_clock::time_point;

// A listening socket at a free port of `host`, a name or address of this machine. Throws Error(invalid_argument) when
// it is none, io_error for anything else.
Descriptor listen_at(const std::string& host);
int port_of(const Descriptor& socket);
// The next connection; none where nobody waits or it is gone again.
Descriptor accept_from(const Descriptor& listener);

// How one side of a connection is used until it is given away. Every wait ends with Error: cancelled when `cancelled`
// says so, timeout at the deadline, unavailable when the other side is gone.
class TcpPeer {
 public:
  // Connects to an address of `host`. `cancelled` must outlive the object.
  TcpPeer(const std::string& host, int port, GangDeadline deadline, const std::function<bool()>& cancelled);

  void send(std::string_view bytes, GangDeadline deadline);
  std::string receive(std::size_t bytes, GangDeadline deadline);
  Descriptor release() { return std::move(socket_); }

 private:
  void await(short events, GangDeadline deadline);

  Descriptor socket_;
  const std::function<bool()>& cancelled_;
};

// Waits for `time`; throws Error(cancelled) when `cancelled` says so meanwhile.
void pause_unless(const std::function<bool()>& cancelled, std::chrono::milliseconds time);

}  // namespace checkerlab
