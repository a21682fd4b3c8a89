// Whether bytes are text. Pure and thread-safe.
#pragma once

#include <string_view>

namespace checkerlab {

// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace checkerlab
