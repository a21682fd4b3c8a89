#include "coordinator/store/token_rows.hpp"

#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

std::optional<std::int64_t> time_or_none(const SQLite::Column& column) {
  return column.isNull() ? std::nullopt : std::optional<std::int64_t>(column.getInt64());
}

TokenRow row_of(SQLite::Statement& row) {
  return {.id = row.getColumn(0).getString(),
          .sha256 = row.getColumn(1).getString(),
          .user = row.getColumn(2).getString(),
          .role = role_from(row.getColumn(3).getString()).value_or(Role::anyone),
          .label = row.getColumn(4).getString(),
          .worker = row.getColumn(5).getString(),
          .created_at = row.getColumn(6).getInt64(),
          .created_by = row.getColumn(7).getString(),
          .expires_at = time_or_none(row.getColumn(8)),
          .revoked_at = time_or_none(row.getColumn(9)),
          .last_used_at = time_or_none(row.getColumn(10))};
}

}  // namespace

std::vector<TokenRow> load_tokens(SQLite::Database& database) {
  std::vector<TokenRow> tokens;
  for_each_row(database,
               "SELECT id, sha256, user, role, label, worker, created_at, created_by, expires_at, revoked_at, "
               "last_used_at FROM tokens ORDER BY created_at, id",
               [&](SQLite::Statement& row) { tokens.push_back(row_of(row)); });
  return tokens;
}

void insert_token(SQLite::Database& database, const TokenRow& token) {
  execute(database,
          "INSERT INTO tokens (id, sha256, user, role, label, worker, created_at, created_by, expires_at) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          token.id, token.sha256, token.user, std::string(to_string(token.role)), token.label, token.worker,
          token.created_at, token.created_by, token.expires_at);
}

void set_token_revoked(SQLite::Database& database, const std::string& id, std::int64_t now) {
  execute(database, "UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", now, id);
}

void set_token_used(SQLite::Database& database, const std::string& id, std::int64_t at) {
  execute(database, "UPDATE tokens SET last_used_at = ? WHERE id = ?", at, id);
}

}  // namespace checkerlab::coordinator
