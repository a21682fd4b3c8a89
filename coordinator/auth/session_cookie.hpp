// The browser's session: a cookie that carries its expiry and is signed with a key derived from the token.
//
// Nothing is stored, so sessions survive a restart of the coordinator; a new token ends all of them. Format:
// "<expiry in Unix seconds>.<HMAC-SHA-256 in hex>". Pure functions of their arguments.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace checkerlab::coordinator {

inline constexpr std::string_view kSessionCookie = "checkerlab_session";

std::string make_session(const std::string& token, UtcTime expires_at);
bool session_valid(const std::string& token, std::string_view session, UtcTime now);

// The value of the session cookie in a Cookie header; empty when there is none.
std::string session_from_cookies(std::string_view cookie_header);

// Compares secrets in a time that does not depend on where they differ.
bool equal_secrets(std::string_view left, std::string_view right);

}  // namespace checkerlab::coordinator
