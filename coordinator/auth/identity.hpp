// Who asks, and what they may do. Plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace checkerlab::coordinator {

// What a route demands, and what a token gives. `anyone` needs no credentials; `submit` includes `read`, `admin`
// includes everything; `worker` is no person and reads only what its jobs need.
enum class Role { anyone, read, submit, worker, admin };

// How a request proved itself.
enum class Credential { none, session_cookie, bearer_token };

constexpr bool includes(Role given, Role wanted) {
  switch (given) {
    case Role::admin:
      return true;
    case Role::worker:
      return wanted == Role::worker || wanted == Role::anyone;
    case Role::submit:
      return wanted == Role::submit || wanted == Role::read || wanted == Role::anyone;
    case Role::read:
      return wanted == Role::read || wanted == Role::anyone;
    case Role::anyone:
      return wanted == Role::anyone;
  }
  return false;
}

struct Identity {
  Credential credential = Credential::none;
  Role role = Role::anyone;
  std::string user;    // whom the token was given to
  std::string token;   // the token's id, also behind a browser session
  std::string worker;  // the one name that a worker may have with this token; empty: any

  bool may(Role wanted) const { return includes(role, wanted); }
};

// The token file's: it may do everything and stands in no table.
inline constexpr const char* kOwner = "owner";

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

constexpr std::optional<Role> role_from(std::string_view name) {
  for (const auto role : {Role::anyone, Role::read, Role::submit, Role::worker, Role::admin}) {
    if (to_string(role) == name) return role;
  }
  return std::nullopt;
}

}  // namespace checkerlab::coordinator
