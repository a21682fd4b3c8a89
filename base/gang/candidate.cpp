#include "base/gang/candidate.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/hmac.hpp"

namespace checkerlab {

// True when so many bytes are there; what comes beyond stays in the socket.
bool GangCandidate::take(std::size_t bytes) {
  std::array<char, kGangHelloBytes + kGangProofBytes> buffer{};
  while (received_.size() < bytes) {
    const auto got = ::recv(socket_.get(), buffer.data(), bytes - received_.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got == 0 || (got < 0 && errno != EAGAIN)) gone_ = true;
    if (got <= 0) return false;
    received_.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return true;
}

// A new connection has room for these few bytes; one that has not is no rank's.
bool GangCandidate::send(std::string_view bytes) {
  return ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

GangCandidate::State GangCandidate::advance(const std::string& secret) {
  if (!hello_) {
    if (!take(kGangHelloBytes)) return gone_ ? State::stranger : State::unknown;
    hello_ = decode_gang_hello(std::exchange(received_, {}));
    if (!hello_) return State::stranger;
    nonce_ = gang_nonce();
    if (!send(nonce_ + proof_of_rank_zero(secret, *hello_, nonce_))) return State::stranger;
  }
  if (!take(kGangProofBytes)) return gone_ ? State::stranger : State::unknown;
  return equal_in_constant_time(received_, proof_of_rank(secret, *hello_, nonce_)) ? State::proven : State::stranger;
}

bool GangCandidate::tell(GangVerdict verdict) {
  const char byte = static_cast<char>(verdict);
  return send({&byte, 1});
}

}  // namespace checkerlab
