// Short spellings for statements with bound values. Text is always bound, never pasted into SQL. Statements come from
// the connection's cache where there is one (statement_cache.hpp).
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "coordinator/store/statement_cache.hpp"

namespace checkerlab::coordinator {

using Json = nlohmann::json;

inline void bind_value(SQLite::Statement& statement, int index, std::int64_t value) {
  statement.bind(index, value);
}
inline void bind_value(SQLite::Statement& statement, int index, double value) {
  statement.bind(index, value);
}
// Not copied: it has to live until the statement has run, as the arguments of the functions below do.
inline void bind_value(SQLite::Statement& statement, int index, const std::string& value) {
  statement.bindNoCopy(index, value);
}
inline void bind_value(SQLite::Statement& statement, int index, const char* value) {
  statement.bind(index, value);
}
inline void bind_value(SQLite::Statement& statement, int index, std::nullptr_t) {
  statement.bind(index);
}
template <class T>
void bind_value(SQLite::Statement& statement, int index, const std::optional<T>& value) {
  if (value) {
    bind_value(statement, index, *value);
  } else {
    statement.bind(index);
  }
}

// Binds `values` to the parameters 1, 2, …
template <class... Values>
void bind_all(SQLite::Statement& statement, const Values&... values) {
  int index = 0;
  (bind_value(statement, ++index, values), ...);
}

// Runs a statement that gives no rows; gives the number of rows changed.
template <class... Values>
int execute(SQLite::Database& database, std::string_view sql, const Values&... values) {
  PreparedStatement statement(database, sql);
  bind_all(*statement, values...);
  return statement->exec();
}

// Runs a bound statement again with other values.
template <class... Values>
void execute_again(SQLite::Statement& statement, const Values&... values) {
  bind_all(statement, values...);
  statement.exec();
  statement.reset();
}

// Calls `row(SQLite::Statement&)` for every row.
template <class Row, class... Values>
void for_each_row(SQLite::Database& database, std::string_view sql, Row&& row, const Values&... values) {
  PreparedStatement statement(database, sql);
  bind_all(*statement, values...);
  while (statement->executeStep())
    row(*statement);
}

// ---- columns as JSON ----

inline Json text_or_null(const SQLite::Column& column) {
  return column.isNull() ? Json(nullptr) : Json(column.getString());
}
inline Json number_or_null(const SQLite::Column& column) {
  return column.isNull() ? Json(nullptr) : Json(column.getDouble());
}
// A column that holds JSON text.
inline Json json_or_null(const SQLite::Column& column) {
  return column.isNull() ? Json(nullptr) : Json::parse(column.getString());
}
inline std::string time_text(std::int64_t ms) {
  return rfc3339(UtcTime(std::chrono::milliseconds(ms)));
}
inline Json time_or_null(const SQLite::Column& column) {
  return column.isNull() ? Json(nullptr) : Json(time_text(column.getInt64()));
}

}  // namespace checkerlab::coordinator
