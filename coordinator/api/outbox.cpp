#include "coordinator/api/outbox.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace checkerlab::coordinator {
namespace {

// Moves `count` items from the front of one to the end of the other.
template <class From, class To>
void move_front(From& from, std::size_t count, To& to) {
  const auto end = from.begin() + static_cast<std::ptrdiff_t>(count);
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(end));
  from.erase(from.begin(), end);
}

}  // namespace

void Outbox::add(const rpc::CoordinatorMessage& message) {
  if (const auto* ack = std::get_if<rpc::Ack>(&message)) {
    acks_.insert(acks_.end(), ack->acks.begin(), ack->acks.end());
    return;
  }
  const auto* assign = std::get_if<rpc::Assign>(&message);
  if (assign == nullptr) {
    others_.push_back(message);
    return;
  }
  for (auto job = assign->jobs.begin(); job != assign->jobs.end();) {
    auto* last = others_.empty() ? nullptr : std::get_if<rpc::Assign>(&others_.back());
    if (last == nullptr || last->jobs.size() >= kMostJobs)
      last = &std::get<rpc::Assign>(others_.emplace_back(rpc::Assign{}));
    const auto fits = std::min<std::ptrdiff_t>(assign->jobs.end() - job, kMostJobs - std::ssize(last->jobs));
    last->jobs.insert(last->jobs.end(), job, job + fits);
    job += fits;
  }
}

std::optional<std::string> Outbox::next() {
  if (!acks_.empty()) {
    rpc::Ack ack;
    move_front(acks_, std::min(acks_.size(), kMostAcks), ack.acks);
    return rpc::encode_text(rpc::CoordinatorMessage(std::move(ack)));
  }
  if (others_.empty()) return std::nullopt;
  const rpc::CoordinatorMessage message = std::move(others_.front());
  others_.pop_front();
  return rpc::encode_text(message);
}

}  // namespace checkerlab::coordinator
