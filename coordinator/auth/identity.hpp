// Who asks, and what they may do. Plain values.
#pragma once

#include <string_view>

namespace checkerlab::coordinator {

// What a route demands. `anyone` needs no credentials.
enum class Role { anyone, read, submit, worker, admin };

// How a request proved itself.
enum class Credential { none, session_cookie, bearer_token };

struct Identity {
  Credential credential = Credential::none;

  // The token is its owner's and may do everything; a browser session reads and submits.
  bool may(Role role) const {
    switch (credential) {
      case Credential::bearer_token:
        return true;
      case Credential::session_cookie:
        return role == Role::anyone || role == Role::read || role == Role::submit;
      case Credential::none:
        return role == Role::anyone;
    }
    return false;
  }
};

constexpr std::string_view to_string(Role role) {
  switch (role) {
    case Role::anyone:
      return "anyone";
    case Role::read:
      return "read";
    case Role::submit:
      return "submit";
    case Role::worker:
      return "worker";
    case Role::admin:
      return "admin";
  }
  return "admin";
}

}  // namespace checkerlab::coordinator
