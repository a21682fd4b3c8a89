#include "base/random_token.hpp"

#include <sys/random.h>

#include "base/error.hpp"

namespace checkerlab {

std::string random_token(std::size_t length) {
  static constexpr char kAlphabet[] = "abcdefghijklmnopqrstuvwxyz012345";  // 32 letters: five bits each, no bias
  std::string token(length, '\0');
  std::size_t filled = 0;
  while (filled < length) {
    const auto got = ::getrandom(token.data() + filled, length - filled, 0);
    if (got < 0) throw Error(ErrorCode::internal, "the operating system gave no random bytes");
    filled += static_cast<std::size_t>(got);
  }
  for (char& c : token)
    c = kAlphabet[static_cast<unsigned char>(c) & 31U];
  return token;
}

}  // namespace checkerlab
