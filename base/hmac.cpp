#include "base/hmac.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/error.hpp"

namespace checkerlab {

std::string hmac_sha256(std::string_view key, std::string_view data) {
  std::array<unsigned char, 32> digest{};
  unsigned int length = digest.size();
  const auto* bytes = reinterpret_cast<const unsigned char*>(data.data());
  if (::HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, data.size(), digest.data(), &length) ==
      nullptr)
    throw Error(ErrorCode::internal, "HMAC-SHA-256 is not available in this OpenSSL");
  return {reinterpret_cast<const char*>(digest.data()), length};
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  return left.size() == right.size() && ::CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace checkerlab
