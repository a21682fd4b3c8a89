// HMAC-SHA-256 (RFC 2104) through OpenSSL: shows that somebody knows a secret without telling it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace checkerlab {

// 32 bytes. Throws Error(internal) when this OpenSSL cannot.
std::string hmac_sha256(std::string_view key, std::string_view data);

// Compares in a time that does not tell where two texts of the same length differ.
bool equal_in_constant_time(std::string_view left, std::string_view right);

}  // namespace checkerlab
