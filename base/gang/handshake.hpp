// The bytes by which two ranks of a gang recognise each other. Pure.
//
//   rank r → rank 0   hello: magic, rank, size, nonce
//   rank 0 → rank r   answer: nonce, proof of rank 0
//   rank r → rank 0   proof of rank r
//   rank 0 → rank r   verdict; later kGangGo, when all ranks are there
//
// A proof is the HMAC-SHA-256 of who proves, both nonces, rank and size, with the gang's secret as key. It shows that
// the peer has the secret now: it is of no use for another connection, another rank or the other side.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/gang/gang_seat.hpp"

namespace checkerlab {

inline constexpr std::size_t kGangNonceBytes = 32, kGangProofBytes = 32;
inline constexpr std::size_t kGangHelloBytes = 8 + 4 + 4 + kGangNonceBytes;
inline constexpr std::size_t kGangAnswerBytes = kGangNonceBytes + kGangProofBytes;

enum class GangVerdict : char { welcome = 'w', other_seat = 's', taken = 't' };
inline constexpr char kGangGo = 'g';

struct GangHello {
  int rank = 0;
  int size = 0;
  std::string nonce;
};

// From the operating system's generator.
std::string gang_nonce();

std::string encode(const GangHello& hello);
// Of kGangHelloBytes bytes; nothing where they are no hello.
std::optional<GangHello> decode_gang_hello(std::string_view bytes);

std::string proof_of_rank_zero(const std::string& secret, const GangHello& hello, std::string_view nonce);
std::string proof_of_rank(const std::string& secret, const GangHello& hello, std::string_view nonce);

}  // namespace checkerlab
