#include "coordinator/store/row_text.hpp"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

namespace checkerlab::coordinator {
namespace {

template <class Number>
void append_number(std::string& text, Number number) {
  char digits[32];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  text.append(digits, end);
}

void append_hex(std::string& text, std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
}

std::string_view text_of(sqlite3_stmt* row, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
  return {text, text == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
}

std::string_view blob_of(sqlite3_stmt* row, int column) {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(row, column));
  return {bytes, bytes == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
}

void append_csv_text(std::string& text, std::string_view value) {
  if (!value.empty() && value.find_first_of(",\"\r\n") == std::string_view::npos) {
    text += value;
    return;
  }
  text += '"';
  for (const char c : value) {
    if (c == '"') text += '"';
    text += c;
  }
  text += '"';
}

void append_csv(std::string& text, sqlite3_stmt* row, int column) {
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER:
      return append_number(text, sqlite3_column_int64(row, column));
    case SQLITE_FLOAT:
      return append_number(text, sqlite3_column_double(row, column));
    case SQLITE_BLOB:
      return append_hex(text, blob_of(row, column));
    case SQLITE_TEXT:
      return append_csv_text(text, text_of(row, column));
    default:
      return;
  }
}

void append_json_text(std::string& text, std::string_view value) {
  text += '"';
  const std::size_t begin = text.size();
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      text += '\\';
      text += c;
    } else if (static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x80) {
      text += c;
    } else {  // rare: control characters, and what may be no UTF-8
      text.resize(begin - 1);
      text += nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
      return;
    }
  }
  text += '"';
}

void append_json(std::string& text, sqlite3_stmt* row, int column) {
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER:
      return append_number(text, sqlite3_column_int64(row, column));
    case SQLITE_FLOAT: {
      const double number = sqlite3_column_double(row, column);
      if (!std::isfinite(number)) break;  // JSON has no infinity
      return append_number(text, number);
    }
    case SQLITE_BLOB:
      text += '"';
      append_hex(text, blob_of(row, column));
      text += '"';
      return;
    case SQLITE_TEXT:
      return append_json_text(text, text_of(row, column));
    default:
      break;
  }
  text += "null";
}

}  // namespace

void append_csv_head(std::string& text, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += ',';
    append_csv_text(text, names[i]);
  }
  text += "\r\n";
}

void append_csv_row(std::string& text, sqlite3_stmt* row) {
  const int columns = sqlite3_column_count(row);
  for (int i = 0; i < columns; ++i) {
    if (i > 0) text += ',';
    append_csv(text, row, i);
  }
  text += "\r\n";
}

void append_json_row(std::string& text, sqlite3_stmt* row, const std::vector<std::string>& names) {
  char before = '{';
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += before;
    text += names[i];
    text += ':';
    append_json(text, row, static_cast<int>(i));
    before = ',';
  }
  text += "}\n";
}

std::string json_text(std::string_view text) {
  std::string result;
  append_json_text(result, text);
  return result;
}

}  // namespace checkerlab::coordinator
