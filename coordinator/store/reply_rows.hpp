// Answers kept for requests that are sent again with the same Idempotency-Key. Reading works on any connection, writing
// inside a write (store.hpp).
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <string>

namespace checkerlab::coordinator {

struct ReplyRow {
  std::string token;  // id of who asked
  std::string key;
  std::string sha256;  // of what was asked
  std::int64_t status = 200;
  std::string content_type;
  std::string body;
};

std::optional<ReplyRow> find_reply(SQLite::Database& database, const std::string& token, const std::string& key,
                                   std::int64_t not_before);
// Replaces one that is too old, and forgets those before `not_before`.
void save_reply(SQLite::Database& database, const ReplyRow& reply, std::int64_t now, std::int64_t not_before);

}  // namespace checkerlab::coordinator
