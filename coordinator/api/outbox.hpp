// Messages on their way to one worker, merged while they wait: acknowledgements into one message, consecutive
// assignments into one.
//
// Order is kept except that acknowledgements go first: what they speak of is finished, so nothing behind them depends
// on it. Pure; not thread-safe.
#pragma once

#include <string>
#include <vector>

#include "rpc/messages.hpp"

namespace checkerlab::coordinator {

class Outbox {
 public:
  void add(const rpc::CoordinatorMessage& message);
  bool empty() const { return acks_.acks.empty() && others_.empty(); }
  // The frames to send now; empties the box.
  std::vector<std::string> take();

 private:
  rpc::Ack acks_;
  std::vector<rpc::CoordinatorMessage> others_;
};

}  // namespace checkerlab::coordinator
