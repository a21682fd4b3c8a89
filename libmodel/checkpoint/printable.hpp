// Text out of a file that nobody vouches for, fit for a message.
#pragma once

#include <string>
#include <string_view>

namespace checkerlab::model {

// Shows what is not printable ASCII as '?' and cuts after 120 characters.
inline std::string printable(std::string_view text) {
  constexpr std::size_t kMost = 120;
  std::string shown(text.substr(0, kMost));
  for (char& letter : shown) {
    if (letter < 0x20 || letter > 0x7e) letter = '?';
  }
  return text.size() > kMost ? shown + "..." : shown;
}

}  // namespace checkerlab::model
