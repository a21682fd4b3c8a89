// Bytes as text (RFC 4648), for pictures inside a page. Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace checkerlab::cli::reproduce {

std::string base64(std::string_view bytes);

}  // namespace checkerlab::cli::reproduce
