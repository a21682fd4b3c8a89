// The agent's lasting relation with the coordinator: connects, says hello, reconnects with growing pauses, sends
// heartbeats, and gathers progress and logs to send them a few times a second. Runs on the io_context's thread alone.
//
// Messages are dropped while there is no connection; whoever must not lose one sends it again in on_welcome.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "worker/agent/backoff.hpp"
#include "worker/agent/link.hpp"
#include "worker/agent/outbox.hpp"

namespace checkerlab::worker {

struct SessionCallbacks {
  std::function<rpc::Hello()> hello;                         // asked at every connect
  std::function<std::vector<rpc::AttemptRef>()> unfinished;  // asked at every heartbeat
  std::function<void()> on_welcome;                          // the coordinator knows this worker now
  std::function<void(rpc::CoordinatorMessage)> on_message;   // everything but Welcome
  // The coordinator will never take this worker (wrong token, wrong version); no further attempt is made.
  std::function<void(const rpc::Problem&)> on_refused;
  // Asked at every heartbeat; empty when it is not known how the devices are used.
  std::function<std::vector<rpc::DeviceLoad>()> devices = [] { return std::vector<rpc::DeviceLoad>{}; };
};

class Session {
 public:
  Session(boost::asio::io_context& context, LinkFactory factory, BackoffLimits reconnect, SessionCallbacks callbacks);

  void open();

  // Sends it after what has gathered about the attempt. Messages that come thick and fast share one frame a
  // millisecond; one that comes alone leaves at once.
  void send(const AttemptId& about, const rpc::WorkerMessage& message);

  // For attempts that take next to no time: not at all when it succeeds within some milliseconds, which says as much.
  void send_start_unless_over(const AttemptId& about, rpc::AttemptStarted message);

  Outbox& outbox() { return outbox_; }

  bool welcomed() const { return welcomed_; }

  // The address of this machine that the last connection left from; empty before the first.
  const std::string& local_host() const { return local_host_; }

  // Sends what has gathered and closes; `closed` runs when the other side agreed or there was no connection.
  void close(std::function<void()> closed);

 private:
  void connect();
  void opened();
  void received(rpc::CoordinatorMessage message);
  void ended(const rpc::Problem& problem);
  void connect_later();
  void take_welcome(const rpc::Welcome& welcome);
  void heartbeat_later();
  void flush_later();
  void flush();
  void queue(rpc::WorkerMessage message);
  void tell_start_before(const rpc::AttemptFinished& finished);
  void send_queued();

  boost::asio::io_context& context_;
  LinkFactory factory_;
  SessionCallbacks callbacks_;
  Backoff backoff_;
  boost::asio::steady_timer connect_timer_;
  boost::asio::steady_timer heartbeat_timer_;
  boost::asio::steady_timer flush_timer_;
  boost::asio::steady_timer send_timer_;
  boost::asio::steady_timer start_timer_;
  std::chrono::milliseconds heartbeat_every_{5000};
  Outbox outbox_;
  std::vector<rpc::WorkerMessage> queued_;
  std::chrono::steady_clock::time_point sent_at_;
  std::map<AttemptId, rpc::AttemptStarted> starts_;  // put off
  std::shared_ptr<Link> link_;
  std::string local_host_;
  bool welcomed_ = false;
  bool ever_welcomed_ = false;
  bool closing_ = false;
  std::function<void()> closed_;
};

}  // namespace checkerlab::worker
