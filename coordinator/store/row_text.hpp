// Rows as text, straight from SQLite's columns.
#pragma once

#include <sqlite3.h>

#include <string>
#include <vector>

namespace checkerlab::coordinator {

// Names with commas and a line end.
void append_csv_head(std::string& text, const std::vector<std::string>& names);
void append_csv_row(std::string& text, sqlite3_stmt* row);
// `names` are JSON strings already. Bytes that are no UTF-8 are replaced; blobs come in hex.
void append_json_row(std::string& text, sqlite3_stmt* row, const std::vector<std::string>& names);

std::string json_text(std::string_view text);

}  // namespace checkerlab::coordinator
