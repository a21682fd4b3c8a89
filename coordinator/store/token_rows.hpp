// Tokens in the database. Reading works on any connection, writing inside a write (store.hpp).
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/auth/identity.hpp"

namespace checkerlab::coordinator {

// Times are milliseconds since 1970.
struct TokenRow {
  std::string id;
  std::string sha256;  // of the token's text
  std::string user;
  Role role = Role::read;
  std::string label;
  std::string worker;
  std::int64_t created_at = 0;
  std::string created_by;
  std::optional<std::int64_t> expires_at;
  std::optional<std::int64_t> revoked_at;
  std::optional<std::int64_t> last_used_at;
};

// In order of creation.
std::vector<TokenRow> load_tokens(SQLite::Database& database);
void insert_token(SQLite::Database& database, const TokenRow& token);
void set_token_revoked(SQLite::Database& database, const std::string& id, std::int64_t now);
void set_token_used(SQLite::Database& database, const std::string& id, std::int64_t at);

}  // namespace checkerlab::coordinator
