// One connection to rank 0 whose other end has not yet shown that it is a rank of the gang. Not thread-safe.
#pragma once

#include <optional>
#include <string>

#include "base/gang/handshake.hpp"
#include "base/gang/tcp.hpp"

namespace checkerlab {

class GangCandidate {
 public:
  enum class State { unknown, proven, stranger };

  GangCandidate(Descriptor socket, GangDeadline deadline) : socket_(std::move(socket)), deadline_(deadline) {}

  int descriptor() const { return socket_.get(); }
  GangDeadline deadline() const { return deadline_; }

  // Takes what came and answers it, without waiting. Once proven, the peer has the secret and claims hello()'s seat.
  State advance(const std::string& secret);
  const GangHello& hello() const { return *hello_; }

  // Once proven. False when the peer is gone.
  bool tell(GangVerdict verdict);
  Descriptor release() { return std::move(socket_); }

 private:
  bool take(std::size_t bytes);
  bool send(std::string_view bytes);

  Descriptor socket_;
  GangDeadline deadline_;
  std::string received_;
  bool gone_ = false;
  std::optional<GangHello> hello_;
  std::string nonce_;
};

}  // namespace checkerlab
