// The tokens that were given out: in memory for every request, in the database for every restart.
//
// A token's text is shown once, when it is issued; only its SHA-256 is kept (the text has 260 random bits, so neither
// salt nor a slow hash would add anything). Confined to the server's thread; `post` hands a function to that thread.
// What Done reports is on disk. A revoked token is refused from the moment revoke() is called, before the disk has it.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "coordinator/auth/identity.hpp"
#include "coordinator/store/store.hpp"
#include "coordinator/store/token_rows.hpp"

namespace checkerlab::coordinator {

struct NewToken {
  std::string user;
  Role role = Role::read;
  std::string label;
  std::string worker;                            // only for Role::worker
  std::optional<std::chrono::seconds> lifetime;  // none: until it is revoked
};

struct IssuedToken {
  std::string text;
  TokenRow token;
};

class Tokens {
 public:
  using Post = std::function<void(std::function<void()>)>;
  template <class T>
  using Done = std::function<void(std::exception_ptr, T)>;
  using Ended = std::function<void(const std::string& id)>;

  // Loads what there is (blocks). `store` and `clock` outlive this object.
  Tokens(Store& store, const Clock& clock, Post post);
  ~Tokens();

  // Whose token this is; nothing for an unknown, expired or revoked one. Counts as a use.
  std::optional<Identity> identify(std::string_view text);
  // The same by id, for browser sessions, which are bound to a token.
  std::optional<Identity> holder_of(const std::string& id);

  // Error(invalid_argument) for a user, label, role or lifetime that cannot be.
  void issue(NewToken wanted, const std::string& by, Done<IssuedToken> done);
  // Error(not_found) for an unknown id. Revoking twice changes nothing.
  void revoke(const std::string& id, Done<TokenRow> done);
  std::vector<TokenRow> all() const;  // in order of creation
  bool valid(const TokenRow& token) const;

  // Called when a token was revoked or has expired: what is open in its name is to be closed.
  void on_end(Ended ended) { ended_ = std::move(ended); }
  // About once a second: notices what has expired, writes last uses (once a minute).
  void tick();

 private:
  std::int64_t now() const { return clock_.utc().time_since_epoch().count(); }
  std::optional<Identity> use(TokenRow& token, Credential credential);
  void write(std::function<void(SQLite::Database&)> change, std::function<void(std::exception_ptr)> done);
  void flush_uses();

  Store& store_;
  const Clock& clock_;
  Post post_;
  Ended ended_;
  std::vector<std::string> order_;
  std::map<std::string, TokenRow> tokens_;                // by id
  std::unordered_map<std::string, std::string> by_hash_;  // SHA-256 → id
  std::set<std::string> used_;                            // since the last flush
  std::int64_t flushed_at_ = 0;
  std::int64_t looked_at_ = 0;  // until when expiry was noticed
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace checkerlab::coordinator
