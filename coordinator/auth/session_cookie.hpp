// The browser's session: a cookie that names the token it was made with and its expiry, signed with a key derived from
// the owner's token.
//
// Nothing is stored, so sessions survive a restart of the coordinator; they end with their token, and a new owner's
// token ends all of them. Format: "<expiry in Unix seconds>.<id of the token>.<HMAC-SHA-256 in hex>". Pure functions of
// their arguments.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace checkerlab::coordinator {

inline constexpr std::string_view kSessionCookie = "checkerlab_session";

std::string make_session(const std::string& key, const std::string& token_id, UtcTime expires_at);
// The id of the token behind a session that is genuine and in time.
std::optional<std::string> token_of_session(const std::string& key, std::string_view session, UtcTime now);

// The value of the session cookie in a Cookie header; empty when there is none.
std::string session_from_cookies(std::string_view cookie_header);

}  // namespace checkerlab::coordinator
