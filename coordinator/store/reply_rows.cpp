#include "coordinator/store/reply_rows.hpp"

#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {

std::optional<ReplyRow> find_reply(SQLite::Database& database, const std::string& token, const std::string& key,
                                   std::int64_t not_before) {
  std::optional<ReplyRow> found;
  for_each_row(
      database,
      "SELECT sha256, status, content_type, body FROM replies WHERE token = ? AND key = ? AND created_at >= ?",
      [&](SQLite::Statement& row) {
        found = ReplyRow{.token = token,
                         .key = key,
                         .sha256 = row.getColumn(0).getString(),
                         .status = row.getColumn(1).getInt64(),
                         .content_type = row.getColumn(2).getString(),
                         .body = row.getColumn(3).getString()};
      },
      token, key, not_before);
  return found;
}

void save_reply(SQLite::Database& database, const ReplyRow& reply, std::int64_t now, std::int64_t not_before) {
  execute(database, "DELETE FROM replies WHERE created_at < ?", not_before);
  execute(database,
          "INSERT OR REPLACE INTO replies (token, key, sha256, status, content_type, body, created_at) "
          "VALUES (?, ?, ?, ?, ?, ?, ?)",
          reply.token, reply.key, reply.sha256, reply.status, reply.content_type, reply.body, now);
}

}  // namespace checkerlab::coordinator
