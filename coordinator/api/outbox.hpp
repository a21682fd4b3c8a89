// Messages on their way to one worker, merged while they wait: acknowledgements into one message, consecutive
// assignments into one. Merged messages are bounded, so that neither end is busy with one frame for long.
//
// Order is kept except that acknowledgements go first: what they speak of is finished, so nothing behind them depends
// on it. Pure; not thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

#include "rpc/messages.hpp"

namespace checkerlab::coordinator {

class Outbox {
 public:
  static constexpr std::size_t kMostAcks = 512;
  static constexpr std::size_t kMostJobs = 128;

  void add(const rpc::CoordinatorMessage& message);
  bool empty() const { return acks_.empty() && others_.empty(); }
  // The frame to send next, which leaves the box; nothing when the box is empty.
  std::optional<std::string> next();

 private:
  std::deque<rpc::Acknowledgement> acks_;
  std::deque<rpc::CoordinatorMessage> others_;
};

}  // namespace checkerlab::coordinator
