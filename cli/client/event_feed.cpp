#include "cli/client/event_feed.hpp"

#include <utility>

namespace checkerlab::cli {
namespace {

// A reader that is not read for this long forgets the oldest events; whoever follows loads the study anew now and then
// anyway.
constexpr std::size_t kMostWaiting = 100'000;

}  // namespace

EventFeed::EventFeed(const rpc::Endpoint& endpoint, std::string target)
    : reader_([this, endpoint, target = std::move(target)](std::stop_token stop) {
        read(endpoint, target, std::move(stop));
      }) {}

EventFeed::~EventFeed() {
  reader_.request_stop();
}

void EventFeed::read(const rpc::Endpoint& endpoint, const std::string& target, std::stop_token stop) {
  try {
    rpc::HttpClient client(endpoint, {.stop = stop});
    client.read_events(target,
                       [&](const rpc::ServerEvent& event) {
                         const std::lock_guard lock(mutex_);
                         if (events_.size() >= kMostWaiting) events_.pop_front();
                         events_.push_back(event);
                         changed_.notify_one();
                         return !stop.stop_requested();
                       },
                       {.stop = stop});
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
    changed_.notify_one();
  }
}

std::vector<rpc::ServerEvent> EventFeed::wait(std::chrono::milliseconds limit, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::move(stop), limit, [this] { return !events_.empty() || failure_; });
  if (events_.empty() && failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  std::vector<rpc::ServerEvent> batch(std::make_move_iterator(events_.begin()), std::make_move_iterator(events_.end()));
  events_.clear();
  return batch;
}

}  // namespace checkerlab::cli
