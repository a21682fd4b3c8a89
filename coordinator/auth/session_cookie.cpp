#include "coordinator/auth/session_cookie.hpp"

#include <charconv>

#include "base/hmac.hpp"
#include "base/text/hex.hpp"

namespace checkerlab::coordinator {
namespace {

std::int64_t unix_seconds(UtcTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::string signature(const std::string& key, const std::string& content) {
  return to_hex(hmac_sha256(key, "checkerlab session " + content));
}

}  // namespace

std::string make_session(const std::string& key, const std::string& token_id, UtcTime expires_at) {
  const auto content = std::to_string(unix_seconds(expires_at)) + "." + token_id;
  return content + "." + signature(key, content);
}

std::optional<std::string> token_of_session(const std::string& key, std::string_view session, UtcTime now) {
  const auto last = session.rfind('.');
  const auto first = session.find('.');
  if (last == std::string_view::npos || first == last) return std::nullopt;
  const std::string content(session.substr(0, last));
  if (!equal_in_constant_time(session.substr(last + 1), signature(key, content))) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(content.data(), content.data() + first, seconds);
  if (error != std::errc{} || end != content.data() + first || unix_seconds(now) >= seconds) return std::nullopt;
  return content.substr(first + 1);
}

std::string session_from_cookies(std::string_view cookies) {
  while (!cookies.empty()) {
    const auto end = cookies.find(';');
    auto cookie = cookies.substr(0, end);
    cookies = end == std::string_view::npos ? std::string_view{} : cookies.substr(end + 1);
    while (cookie.starts_with(' '))
      cookie.remove_prefix(1);
    if (cookie.starts_with(kSessionCookie) && cookie.substr(kSessionCookie.size()).starts_with('=')) {
      return std::string(cookie.substr(kSessionCookie.size() + 1));
    }
  }
  return {};
}

}  // namespace checkerlab::coordinator
