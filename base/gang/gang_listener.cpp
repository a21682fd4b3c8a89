#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <list>
#include <utility>

#include "base/error.hpp"
#include "base/gang/candidate.hpp"
#include "base/gang/gang_meeting.hpp"

namespace checkerlab {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTickMilliseconds = 50;         // between two looks at the clock and at whether it was cancelled
constexpr std::size_t kMostCandidates = 256;  // the oldest goes for a newer one

std::string rank_name(std::size_t index) {
  return "rank " + std::to_string(index + 1);
}

// Everything while rank 0 waits.
class Meeting {
 public:
  Meeting(const GangSeat& seat, const Descriptor& listener, const MeetingLimits& limits)
      : seat_(seat),
        listener_(listener),
        limits_(limits),
        ranks_(static_cast<std::size_t>(seat.size) - 1),
        deadline_(Clock::now() + limits.patience) {}

  std::vector<Descriptor> run() {
    while (missing() > 0) {
      check_limits();
      wait();
      look_after_ranks();
      accept_all();
      hear_candidates();
    }
    for (std::size_t i = 0; i < ranks_.size(); ++i) {
      if (::send(ranks_[i].get(), &kGangGo, 1, MSG_NOSIGNAL) != 1) throw gone(i);
    }
    return std::move(ranks_);
  }

 private:
  static Error gone(std::size_t index) {
    return {ErrorCode::unavailable, rank_name(index) + " is gone before all ranks were there"};
  }

  std::size_t missing() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(ranks_, [](const Descriptor& rank) { return rank.get() < 0; }));
  }

  void check_limits() const {
    if (limits_.cancelled()) throw Error(ErrorCode::cancelled, "the attempt was cancelled while ranks were missing");
    if (Clock::now() < deadline_) return;
    std::string names;
    for (std::size_t i = 0; i < ranks_.size(); ++i)
      if (ranks_[i].get() < 0) names += (names.empty() ? "" : ", ") + rank_name(i);
    throw Error(ErrorCode::timeout, names + " did not come to rank 0",
                "See the logs of their workers; a firewall may keep them from the address of rank 0's worker");
  }

  void wait() const {
    std::vector<pollfd> watched{{listener_.get(), POLLIN, 0}};
    for (const Descriptor& rank : ranks_)
      watched.push_back({rank.get(), POLLIN, 0});  // −1 is passed over
    for (const GangCandidate& one : candidates_)
      watched.push_back({one.descriptor(), POLLIN, 0});
    ::poll(watched.data(), watched.size(), kTickMilliseconds);
  }

  // A rank that waits has nothing to say: it is gone when there is something to read.
  void look_after_ranks() const {
    for (std::size_t i = 0; i < ranks_.size(); ++i) {
      char byte = 0;
      if (ranks_[i].get() < 0) continue;
      const auto got = ::recv(ranks_[i].get(), &byte, 1, MSG_PEEK);
      if (got >= 0 || (errno != EAGAIN && errno != EINTR)) throw gone(i);
    }
  }

  void accept_all() {
    for (Descriptor socket = accept_from(listener_); socket.get() >= 0; socket = accept_from(listener_)) {
      if (candidates_.size() == kMostCandidates) candidates_.pop_front();
      candidates_.emplace_back(std::move(socket), Clock::now() + limits_.handshake);
    }
  }

  void hear_candidates() {
    for (auto one = candidates_.begin(); one != candidates_.end();) {
      const auto state = one->advance(seat_.secret);
      if (state == GangCandidate::State::proven) seat(*one);
      const bool over = state != GangCandidate::State::unknown || Clock::now() >= one->deadline();
      one = over ? candidates_.erase(one) : std::next(one);
    }
  }

  void seat(GangCandidate& one) {
    const auto& hello = one.hello();
    if (hello.size != seat_.size || hello.rank < 1 || hello.rank >= seat_.size) {
      one.tell(GangVerdict::other_seat);
      return;
    }
    Descriptor& place = ranks_[static_cast<std::size_t>(hello.rank) - 1];
    if (place.get() >= 0) {
      one.tell(GangVerdict::taken);
    } else if (one.tell(GangVerdict::welcome)) {
      place = one.release();
    }
  }

  const GangSeat& seat_;
  const Descriptor& listener_;
  const MeetingLimits& limits_;
  std::vector<Descriptor> ranks_;  // [r − 1]; empty while rank r has not come
  std::list<GangCandidate> candidates_;
  const Clock::time_point deadline_;
};

}  // namespace

GangListener::GangListener(const std::string& host, GangSeat seat) : seat_(std::move(seat)) {
  if (seat_.rank != 0 || seat_.size < 1 || seat_.secret.empty())
    throw Error(ErrorCode::invalid_argument,
                "rank " + std::to_string(seat_.rank) + " of " + std::to_string(seat_.size) + " cannot wait for others");
  listener_ = listen_at(host);
  port_ = port_of(listener_);
}

std::vector<Descriptor> GangListener::meet(const MeetingLimits& limits) {
  auto ranks = Meeting(seat_, listener_, limits).run();
  listener_.reset();
  return ranks;
}

}  // namespace checkerlab
