// The audit log in the database. Reading works on any connection, writing inside a write (store.hpp). Times are
// milliseconds since 1970.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace checkerlab::coordinator {

struct AuditRow {
  std::int64_t number = 0;
  std::int64_t time = 0;
  std::string user;
  std::string token;  // id
  std::string role;
  std::string method;
  std::string route;    // the pattern
  std::string subject;  // the address asked for
  std::optional<std::int64_t> status;
  std::string address;
};

std::int64_t last_audit_number(SQLite::Database& database);
void insert_audit(SQLite::Database& database, const AuditRow& row);
// Once for each entry. `subject` replaces the one before.
void set_audit_outcome(SQLite::Database& database, std::int64_t number, std::int64_t status,
                       const std::string& subject);
void forget_audit_before(SQLite::Database& database, std::int64_t time);

// {items, next_cursor} as the API shows it, newest first. `user` empty: of all. Error(invalid_argument) for a cursor
// that is none of this list.
nlohmann::json audit_page(SQLite::Database& database, const std::string& user, const std::string& cursor,
                          std::int64_t limit);

}  // namespace checkerlab::coordinator
