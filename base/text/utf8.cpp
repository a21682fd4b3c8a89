#include "base/text/utf8.hpp"

#include <cstddef>
#include <cstdint>

namespace checkerlab {
namespace {

struct Lead {
  std::size_t more;     // bytes that follow
  std::uint32_t bits;   // of the lead byte
  std::uint32_t least;  // code point that needs so many bytes
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {0, byte, 0};
  if (byte >= 0xc2 && byte < 0xe0) return {1, byte & 0x1fU, 0x80};
  if (byte >= 0xe0 && byte < 0xf0) return {2, byte & 0x0fU, 0x800};
  if (byte >= 0xf0 && byte < 0xf5) return {3, byte & 0x07U, 0x10000};
  return {0, 0, 1};  // no lead byte: less than the least
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const Lead lead = lead_of(static_cast<unsigned char>(text[i++]));
    std::uint32_t point = lead.bits;
    for (std::size_t k = 0; k < lead.more; ++k, ++i) {
      if (i >= text.size() || (static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80) return false;
      point = point << 6U | (static_cast<unsigned char>(text[i]) & 0x3fU);
    }
    if (point < lead.least || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return false;
  }
  return true;
}

}  // namespace checkerlab
