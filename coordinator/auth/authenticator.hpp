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

namespace checkerlab::coordinator {

struct SignInLink {
  std::string code;
  UtcTime expires_at;
};

class Authenticator {
 public:
  // `clock` outlives this object.
  Authenticator(std::string token, const Clock& clock);

  // From the values of the headers Authorization and Cookie (empty when absent). A wrong token is as good as none.
  Identity identify(std::string_view authorization, std::string_view cookies) const;

  // Throws Error(unavailable) while too many unused links exist.
  SignInLink make_link();

  // The value of a Set-Cookie header when the code is known, unused and in time; the code is spent either way.
  std::optional<std::string> redeem(const std::string& code);

 private:
  void forget_expired();

  const std::string token_;
  const Clock& clock_;
  std::map<std::string, UtcTime> links_;
};

}  // namespace checkerlab::coordinator
