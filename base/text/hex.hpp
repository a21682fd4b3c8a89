// Bytes as lower-case hexadecimal digits. Pure.
#pragma once

#include <string>
#include <string_view>

namespace checkerlab {

std::string to_hex(std::string_view bytes);

}  // namespace checkerlab
