#include "coordinator/auth/authenticator.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/random_token.hpp"
#include "coordinator/auth/session_cookie.hpp"

namespace checkerlab::coordinator {
namespace {

using namespace std::chrono_literals;
constexpr auto kLinkLife = 5min;
constexpr auto kSessionLife = std::chrono::hours(24 * 30);
constexpr std::size_t kMostLinks = 100;
constexpr std::string_view kBearer = "Bearer ";

}  // namespace

Authenticator::Authenticator(std::string token, const Clock& clock) : token_(std::move(token)), clock_(clock) {}

Identity Authenticator::identify(std::string_view authorization, std::string_view cookies) const {
  if (authorization.starts_with(kBearer) && equal_secrets(authorization.substr(kBearer.size()), token_)) {
    return {Credential::bearer_token};
  }
  if (!authorization.empty()) return {};
  const auto session = session_from_cookies(cookies);
  if (!session.empty() && session_valid(token_, session, clock_.utc())) return {Credential::session_cookie};
  return {};
}

void Authenticator::forget_expired() {
  const auto now = clock_.utc();
  std::erase_if(links_, [&](const auto& link) { return link.second <= now; });
}

SignInLink Authenticator::make_link() {
  forget_expired();
  if (links_.size() >= kMostLinks) {
    throw Error(ErrorCode::unavailable, std::to_string(kMostLinks) + " sign-in links are waiting to be used",
                "Use one of them, or wait five minutes.");
  }
  SignInLink link{.code = random_token(32), .expires_at = clock_.utc() + kLinkLife};
  links_.emplace(link.code, link.expires_at);
  return link;
}

std::optional<std::string> Authenticator::redeem(const std::string& code) {
  forget_expired();
  if (links_.erase(code) == 0) return std::nullopt;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(kSessionLife).count();
  return fmt::format("{}={}; HttpOnly; SameSite=Strict; Path=/; Max-Age={}", kSessionCookie,
                     make_session(token_, clock_.utc() + kSessionLife), seconds);
}

}  // namespace checkerlab::coordinator
