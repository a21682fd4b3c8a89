#include "coordinator/auth/authenticator.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/hmac.hpp"
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

Authenticator::Authenticator(std::string owner_token, Tokens& tokens, const Clock& clock, AuthenticatorOptions options)
    : owner_token_(std::move(owner_token)), tokens_(tokens), clock_(clock), options_(options) {}

Identity Authenticator::owner(Credential credential) const {
  return {.credential = credential, .role = Role::admin, .user = kOwner, .token = kOwner, .worker = {}};
}

Identity Authenticator::identify(std::string_view authorization, std::string_view cookies) {
  if (authorization.starts_with(kBearer)) {
    const auto text = authorization.substr(kBearer.size());
    if (equal_in_constant_time(text, owner_token_)) return owner(Credential::bearer_token);
    return tokens_.identify(text).value_or(Identity{});
  }
  if (!authorization.empty()) return {};
  return of_session(session_from_cookies(cookies));
}

Identity Authenticator::of_session(std::string_view session) {
  const auto id = token_of_session(owner_token_, session, clock_.utc());
  if (!id) return {};
  auto identity = *id == kOwner ? owner(Credential::session_cookie) : tokens_.holder_of(*id).value_or(Identity{});
  if (identity.role == Role::admin) identity.role = Role::submit;
  if (identity.role == Role::worker) return {};
  return identity;
}

void Authenticator::forget_expired() {
  const auto now = clock_.utc();
  std::erase_if(links_, [&](const auto& link) { return link.second.expires_at <= now; });
}

SignInLink Authenticator::make_link(const Identity& identity) {
  forget_expired();
  if (links_.size() >= kMostLinks) {
    throw Error(ErrorCode::unavailable, std::to_string(kMostLinks) + " sign-in links are waiting to be used",
                "Use one of them, or wait five minutes.");
  }
  SignInLink link{.code = random_token(52), .expires_at = clock_.utc() + kLinkLife};
  links_.emplace(link.code, Link{identity.token, link.expires_at});
  return link;
}

std::optional<std::string> Authenticator::redeem(const std::string& code) {
  forget_expired();
  const auto link = links_.extract(code);
  if (link.empty()) return std::nullopt;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(kSessionLife).count();
  return fmt::format("{}={}; HttpOnly; SameSite=Strict; Path=/; Max-Age={}{}", kSessionCookie,
                     make_session(owner_token_, link.mapped().token, clock_.utc() + kSessionLife), seconds,
                     options_.secure_cookies ? "; Secure" : "");
}

}  // namespace checkerlab::coordinator
