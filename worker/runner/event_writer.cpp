#include "worker/runner/event_writer.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace checkerlab::worker {
namespace {

constexpr std::size_t kSendAt = 16 * 1024;

}  // namespace

void EventWriter::append(const Event& event) {
  const auto line = encode(event);
  const std::lock_guard lock(mutex_);
  buffer_ += line;
  if (buffer_.size() >= kSendAt) flush_locked();
}

void EventWriter::send(const Event& event) {
  const auto line = encode(event);
  const std::lock_guard lock(mutex_);
  buffer_ += line;
  flush_locked();
}

void EventWriter::flush() {
  const std::lock_guard lock(mutex_);
  flush_locked();
}

void EventWriter::flush_locked() {
  std::size_t sent = 0;
  while (sent < buffer_.size()) {
    const auto count = ::write(fd_, buffer_.data() + sent, buffer_.size() - sent);
    if (count > 0) {
      sent += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      ::_exit(EXIT_FAILURE);  // the agent is gone, nobody needs this process any more
    }
  }
  buffer_.clear();
}

}  // namespace checkerlab::worker
