// Rows without the wrapper, which counts references for every value: for the few queries with a row for every job that
// there ever was.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string_view>

namespace checkerlab::coordinator {

// Calls `row(sqlite3_stmt*)` for every row; `values` are bound to the parameters 1, 2, … Throws SQLite::Exception.
template <class Row, class... Values>
void for_each_raw_row(SQLite::Database& database, const char* sql, Row&& row, Values... values) {
  sqlite3_stmt* prepared = nullptr;
  int code = sqlite3_prepare_v2(database.getHandle(), sql, -1, &prepared, nullptr);
  const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(prepared, &sqlite3_finalize);
  if (code != SQLITE_OK) throw SQLite::Exception(database.getHandle(), code);
  int index = 0;
  (sqlite3_bind_int64(prepared, ++index, values), ...);
  while ((code = sqlite3_step(prepared)) == SQLITE_ROW)
    row(prepared);
  if (code != SQLITE_DONE) throw SQLite::Exception(database.getHandle(), code);
}

// Valid until the next row.
inline std::string_view raw_text(sqlite3_stmt* row, int column) {
  const void* text = sqlite3_column_blob(row, column);
  return {static_cast<const char*>(text), static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
}

}  // namespace checkerlab::coordinator
