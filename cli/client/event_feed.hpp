// Server-sent events read on a thread of their own and handed over in batches. `wait` belongs to one thread; the feed
// owns its reader thread and ends it in the destructor.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "rpc/http_client.hpp"

namespace checkerlab::cli {

class EventFeed {
 public:
  // Starts reading `target` (path and query).
  EventFeed(const rpc::Endpoint& endpoint, std::string target);
  ~EventFeed();
  EventFeed(const EventFeed&) = delete;
  EventFeed& operator=(const EventFeed&) = delete;

  // Events that came since the last call; waits up to `limit` for the first one, less when `stop` is triggered. Throws
  // what ended the reader (refused, or unreachable for long) once everything before it was handed over.
  std::vector<rpc::ServerEvent> wait(std::chrono::milliseconds limit, std::stop_token stop);

 private:
  void read(const rpc::Endpoint& endpoint, const std::string& target, std::stop_token stop);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<rpc::ServerEvent> events_;
  std::exception_ptr failure_;
  std::jthread reader_;
};

}  // namespace checkerlab::cli
