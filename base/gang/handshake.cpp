#include "base/gang/handshake.hpp"

#include <cstdint>

#include "base/hmac.hpp"
#include "base/random_token.hpp"

namespace checkerlab {
namespace {

constexpr std::string_view kMagic = "ckrgang1";

std::string four_bytes(int value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>((static_cast<std::uint32_t>(value) >> shift) & 0xffU);
  return bytes;
}

int number_of(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes.substr(0, 4))
    value = value << 8 | static_cast<unsigned char>(byte);
  return static_cast<int>(value);
}

std::string proof(std::string_view who, const std::string& secret, const GangHello& hello, std::string_view nonce) {
  return hmac_sha256(
      secret, std::string(who) + hello.nonce + std::string(nonce) + four_bytes(hello.rank) + four_bytes(hello.size));
}

}  // namespace

std::string gang_nonce() {
  return random_token(kGangNonceBytes);
}

std::string encode(const GangHello& hello) {
  return std::string(kMagic) + four_bytes(hello.rank) + four_bytes(hello.size) + hello.nonce;
}

std::optional<GangHello> decode_gang_hello(std::string_view bytes) {
  if (bytes.size() != kGangHelloBytes || !bytes.starts_with(kMagic)) return std::nullopt;
  bytes.remove_prefix(kMagic.size());
  return GangHello{.rank = number_of(bytes), .size = number_of(bytes.substr(4)), .nonce = std::string(bytes.substr(8))};
}

std::string proof_of_rank_zero(const std::string& secret, const GangHello& hello, std::string_view nonce) {
  return proof("checkerlab gang, rank zero", secret, hello, nonce);
}

std::string proof_of_rank(const std::string& secret, const GangHello& hello, std::string_view nonce) {
  return proof("checkerlab gang, other rank", secret, hello, nonce);
}

}  // namespace checkerlab
