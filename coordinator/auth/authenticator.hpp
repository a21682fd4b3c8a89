// Decides who a request comes from, and makes one-time sign-in links for the browser.
//
// Confined to the server's thread. Links live in memory, five minutes at most, and work once.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "coordinator/auth/identity.hpp"
#include "coordinator/auth/tokens.hpp"

namespace checkerlab::coordinator {

struct SignInLink {
  std::string code;
  UtcTime expires_at;
};

struct AuthenticatorOptions {
  bool secure_cookies = false;  // for TLS: browsers send them over nothing else
};

class Authenticator {
 public:
  // `owner_token` is the token file's. `tokens` and `clock` outlive this object.
  Authenticator(std::string owner_token, Tokens& tokens, const Clock& clock, AuthenticatorOptions options = {});

  // From the values of the headers Authorization and Cookie (empty when absent). A wrong token is as good as none. A
  // session may do what its token may, but nothing that only admins and workers do.
  Identity identify(std::string_view authorization, std::string_view cookies);

  // A session bound to the token of `identity`. Throws Error(unavailable) while too many unused links exist.
  SignInLink make_link(const Identity& identity);

  // The value of a Set-Cookie header when the code is known, unused and in time; the code is spent either way.
  std::optional<std::string> redeem(const std::string& code);

 private:
  struct Link {
    std::string token;  // id
    UtcTime expires_at;
  };

  Identity owner(Credential credential) const;
  Identity of_session(std::string_view session);
  void forget_expired();

  const std::string owner_token_;
  Tokens& tokens_;
  const Clock& clock_;
  const AuthenticatorOptions options_;
  std::map<std::string, Link> links_;
};

}  // namespace checkerlab::coordinator
