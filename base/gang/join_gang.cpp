#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/gang/gang_meeting.hpp"
#include "base/gang/handshake.hpp"
#include "base/hmac.hpp"

namespace checkerlab {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{20}, kLongestPause{2000};

class Joining {
 public:
  Joining(const std::string& host, int port, const GangSeat& seat, const MeetingLimits& limits)
      : host_(host), port_(port), seat_(seat), limits_(limits), connect_until_(Clock::now() + limits.connect) {}

  Descriptor run() {
    TcpPeer rank_zero = reach();
    try {
      if (rank_zero.receive(1, Clock::now() + limits_.patience).front() == kGangGo) return rank_zero.release();
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) throw;
      throw Error(error.code(),
                  "rank 0 is gone, or did not begin, before all ranks were there: " + std::string(error.what()));
    }
    throw not_rank_zero();
  }

 private:
  std::string place() const { return host_ + ":" + std::to_string(port_); }

  Error not_rank_zero() const {
    return {ErrorCode::unavailable, "what listens at " + place() + " is not rank 0 of this gang"};
  }

  TcpPeer reach() {
    for (milliseconds pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
      try {
        return greet();
      } catch (const Error& error) {
        const bool again = error.code() == ErrorCode::unavailable || error.code() == ErrorCode::timeout;
        if (!again || known_stranger_) throw;
        if (Clock::now() + pause >= connect_until_)
          throw Error(ErrorCode::unavailable,
                      "rank " + std::to_string(seat_.rank) + " cannot reach rank 0 at " + place() + ": " + error.what(),
                      "Let this machine through to that one's firewall, or start the worker there with --gang-host and "
                      "an address that this one can reach");
      }
      pause_unless(limits_.cancelled, pause);
    }
  }

  TcpPeer greet() {
    const auto deadline = std::min(connect_until_, Clock::now() + limits_.handshake);
    TcpPeer peer(host_, port_, deadline, limits_.cancelled);
    const GangHello hello{.rank = seat_.rank, .size = seat_.size, .nonce = gang_nonce()};
    peer.send(encode(hello), deadline);
    const std::string answer = peer.receive(kGangAnswerBytes, deadline);
    const std::string nonce = answer.substr(0, kGangNonceBytes);
    if (!equal_in_constant_time(answer.substr(kGangNonceBytes), proof_of_rank_zero(seat_.secret, hello, nonce))) {
      known_stranger_ = true;
      throw not_rank_zero();
    }
    peer.send(proof_of_rank(seat_.secret, hello, nonce), deadline);
    obey(static_cast<GangVerdict>(peer.receive(1, deadline).front()));
    return peer;
  }

  void obey(GangVerdict verdict) const {
    const std::string me = "rank " + std::to_string(seat_.rank) + " of " + std::to_string(seat_.size);
    if (verdict == GangVerdict::taken) throw Error(ErrorCode::conflict, me + " is there already");
    if (verdict != GangVerdict::welcome)
      throw Error(ErrorCode::conflict, me + " does not belong to the gang that waits at " + place());
  }

  const std::string& host_;
  const int port_;
  const GangSeat& seat_;
  const MeetingLimits& limits_;
  const Clock::time_point connect_until_;
  bool known_stranger_ = false;
};

}  // namespace

Descriptor join_gang(const std::string& host, int port, const GangSeat& seat, const MeetingLimits& limits) {
  if (seat.rank < 1 || seat.rank >= seat.size || seat.secret.empty())
    throw Error(ErrorCode::invalid_argument,
                "rank " + std::to_string(seat.rank) + " of " + std::to_string(seat.size) + " cannot join others");
  return Joining(host, port, seat, limits).run();
}

}  // namespace checkerlab
