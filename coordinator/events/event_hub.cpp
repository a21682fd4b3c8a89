#include "coordinator/events/event_hub.hpp"

#include <algorithm>

namespace checkerlab::coordinator {

std::string event_stream_text(const ServerEvent& event) {
  const auto data = event.data.dump(-1, ' ', false, Json::error_handler_t::replace);  // one line: JSON escapes newlines
  return "id: " + std::to_string(event.id) + "\nevent: " + event.type + "\ndata: " + data + "\n\n";
}

bool concerns(const ServerEvent& event, const std::string& study) {
  return study.empty() || event.studies.empty() ||
         std::find(event.studies.begin(), event.studies.end(), study) != event.studies.end();
}

EventHub::Subscription::Subscription(EventHub& hub, boost::asio::any_io_executor executor, std::string study,
                                     std::size_t limit)
    : hub_(hub), study_(std::move(study)), limit_(limit), arrival_(executor) {
  hub_.subscriptions_.push_back(this);
}

EventHub::Subscription::~Subscription() {
  hub_.subscriptions_.remove(this);
}

std::shared_ptr<const EventText> EventHub::Subscription::pop() {
  auto event = std::move(queue_.front());
  queue_.pop_front();
  return event;
}

void EventHub::Subscription::offer(const std::shared_ptr<const EventText>& event) {
  if (overflowed_) return;
  if (queue_.size() >= limit_) {
    overflowed_ = true;
    ++hub_.overflows_;
    queue_.clear();
  } else {
    queue_.push_back(event);
  }
  arrival_.cancel();
}

void EventHub::publish(const ServerEvent& event) {
  ++published_;
  std::shared_ptr<const EventText> text;
  for (auto* subscription : subscriptions_) {
    if (!concerns(event, subscription->study_)) continue;
    if (!text) text = std::make_shared<const EventText>(EventText{event.id, event_stream_text(event)});
    subscription->offer(text);
  }
}

}  // namespace checkerlab::coordinator
