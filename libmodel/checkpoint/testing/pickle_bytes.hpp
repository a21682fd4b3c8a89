// Pickles put together by hand.
#pragma once

#include <string>
#include <string_view>

namespace checkerlab::model {

// BINUNICODE.
inline std::string pickled_text(std::string_view text) {
  std::string bytes = "X";
  for (int shift = 0; shift < 32; shift += 8)
    bytes += static_cast<char>(text.size() >> shift & 0xff);
  return bytes.append(text);
}

// GLOBAL.
inline std::string pickled_global(std::string_view module, std::string_view name) {
  return std::string("c").append(module).append("\n").append(name).append("\n");
}

// A pickle of protocol 2 around opcodes.
inline std::string pickled(std::string_view opcodes) {
  return std::string("\x80\x02").append(opcodes).append(".");
}

}  // namespace checkerlab::model
