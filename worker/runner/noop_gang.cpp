#include "worker/runner/noop_gang.hpp"

#include <poll.h>
#include <sys/socket.h>

#include "base/error.hpp"

namespace checkerlab::worker {
namespace {

constexpr int kTickMilliseconds = 50;
constexpr char kDone = 'd';

}  // namespace

NoopGang::NoopGang(const RunCommand& command, JobContext& context) : context_(context) {
  if (!command.gang) return;
  rank_ = command.gang->seat.rank;
  others_ = meet_gang(*command.gang, context);
  context.log("info", std::to_string(command.gang->seat.size) + " ranks are together");
}

// Whether rank 0 says that it is done. Throws when a rank is gone.
bool NoopGang::heard(int timeout_milliseconds) const {
  std::vector<pollfd> watched;
  for (const Descriptor& other : others_)
    watched.push_back({other.get(), POLLIN, 0});
  ::poll(watched.data(), watched.size(), timeout_milliseconds);
  for (std::size_t i = 0; i < watched.size(); ++i) {
    if (watched[i].revents == 0) continue;
    char byte = 0;
    if (::recv(others_[i].get(), &byte, 1, 0) == 1 && byte == kDone && !leads()) return true;
    const std::size_t who = leads() ? i + 1 : 0;
    throw Error(ErrorCode::unavailable, "rank " + std::to_string(who) + " is gone");
  }
  return false;
}

void NoopGang::check() const {
  context_.throw_if_cancelled();
  heard(0);
}

void NoopGang::hang() const {
  for (;;) {
    context_.throw_if_cancelled();
    heard(kTickMilliseconds);
  }
}

void NoopGang::finish() const {
  for (const Descriptor& other : others_)
    ::send(other.get(), &kDone, 1, MSG_NOSIGNAL);
}

void NoopGang::follow() const {
  do
    context_.throw_if_cancelled();
  while (!heard(kTickMilliseconds));
}

}  // namespace checkerlab::worker
