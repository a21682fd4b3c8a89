// Hands the coordinator's events to everyone who watches.
//
// Confined to the server's thread. Each event is written out once and shared. A subscriber's queue is bounded: one that
// does not keep up is marked as overflowed and its stream ends; it reconnects and resumes from the database by
// Last-Event-ID.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <string>

#include "coordinator/service/server_event.hpp"

namespace checkerlab::coordinator {

// An event as it goes over the wire.
struct EventText {
  std::uint64_t id = 0;
  std::string text;
};

std::string event_stream_text(const ServerEvent& event);
bool concerns(const ServerEvent& event, const std::string& study);  // an empty study: all

class EventHub {
 public:
  class Subscription {
   public:
    Subscription(EventHub& hub, boost::asio::any_io_executor executor, std::string study, std::size_t limit);
    ~Subscription();
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;

    bool overflowed() const { return overflowed_; }
    bool empty() const { return queue_.empty(); }
    std::shared_ptr<const EventText> pop();
    // Cancelled whenever an event arrives: wait on it with the keep-alive time.
    boost::asio::steady_timer& arrival() { return arrival_; }

   private:
    friend class EventHub;
    void offer(const std::shared_ptr<const EventText>& event);

    EventHub& hub_;
    const std::string study_;
    const std::size_t limit_;
    boost::asio::steady_timer arrival_;
    std::deque<std::shared_ptr<const EventText>> queue_;
    bool overflowed_ = false;
  };

  void publish(const ServerEvent& event);
  std::size_t subscribers() const { return subscriptions_.size(); }
  std::uint64_t published() const { return published_; }
  // Streams that ended because their reader did not keep up.
  std::uint64_t overflows() const { return overflows_; }

 private:
  std::list<Subscription*> subscriptions_;
  std::uint64_t published_ = 0;
  std::uint64_t overflows_ = 0;
};

}  // namespace checkerlab::coordinator
