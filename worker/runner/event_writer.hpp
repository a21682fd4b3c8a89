// Sends a runner's events to the agent. Safe from any thread.
#pragma once

#include <mutex>
#include <string>

#include "worker/protocol/messages.hpp"

namespace checkerlab::worker {

class EventWriter {
 public:
  // Does not own `fd`.
  explicit EventWriter(int fd) : fd_(fd) {}

  // Keeps the event until the next flush, or sends it with all before it once a good deal has gathered.
  void append(const Event& event);

  // Sends the event and everything kept before it.
  void send(const Event& event);

  void flush();

 private:
  void flush_locked();

  int fd_;
  std::mutex mutex_;
  std::string buffer_;
};

}  // namespace checkerlab::worker
