#include "coordinator/api/outbox.hpp"

#include <utility>

namespace checkerlab::coordinator {

void Outbox::add(const rpc::CoordinatorMessage& message) {
  if (const auto* ack = std::get_if<rpc::Ack>(&message)) {
    acks_.acks.insert(acks_.acks.end(), ack->acks.begin(), ack->acks.end());
    return;
  }
  const auto* assign = std::get_if<rpc::Assign>(&message);
  auto* last = others_.empty() ? nullptr : std::get_if<rpc::Assign>(&others_.back());
  if (assign != nullptr && last != nullptr) {
    last->jobs.insert(last->jobs.end(), assign->jobs.begin(), assign->jobs.end());
    return;
  }
  others_.push_back(message);
}

std::vector<std::string> Outbox::take() {
  std::vector<std::string> frames;
  if (!acks_.acks.empty()) frames.push_back(rpc::encode_text(rpc::CoordinatorMessage(std::exchange(acks_, {}))));
  for (const auto& message : std::exchange(others_, {}))
    frames.push_back(rpc::encode_text(message));
  return frames;
}

}  // namespace checkerlab::coordinator
