#include "cli/tables/table.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/text/text_width.hpp"

namespace checkerlab::cli {
namespace {

constexpr const char* kGap = "  ";

std::string repeated(const char* text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i)
    result += text;
  return result;
}

std::string padded(const std::string& cell, std::size_t width, Align align) {
  const std::string padding(width - text_width(cell), ' ');
  return align == Align::right ? padding + cell : cell + padding;
}

void append_line(std::string& text, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  text += line + "\n";
}

std::string csv_cell(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

void append_csv(std::string& text, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) text += ',';
    text += csv_cell(cells[i]);
  }
  text += '\n';
}

}  // namespace

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {
  if (columns_.empty()) throw std::invalid_argument("a table needs at least one column");
}

void Table::add_row(std::vector<std::string> cells) {
  if (cells.size() != columns_.size()) throw std::invalid_argument("row width differs from the number of columns");
  rows_.push_back(std::move(cells));
}

std::string Table::to_text() const {
  std::vector<std::size_t> widths;
  for (const Column& column : columns_)
    widths.push_back(text_width(column.title));
  std::vector<std::vector<std::string>> clean;
  for (const auto& row : rows_) {
    auto& cells = clean.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells.push_back(printable(row[i]));
      widths[i] = std::max(widths[i], text_width(cells.back()));
    }
  }
  std::string titles;
  std::string rule;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const char* gap = i == 0 ? "" : kGap;
    titles += gap + padded(columns_[i].title, widths[i], columns_[i].align);
    rule += gap + repeated("─", widths[i]);
  }
  std::string text;
  append_line(text, titles);
  append_line(text, rule);
  for (const auto& row : clean) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += (i == 0 ? "" : kGap) + padded(row[i], widths[i], columns_[i].align);
    }
    append_line(text, line);
  }
  return text;
}

std::string Table::to_csv() const {
  std::string text;
  std::vector<std::string> titles;
  for (const Column& column : columns_)
    titles.push_back(column.title);
  append_csv(text, titles);
  for (const auto& row : rows_)
    append_csv(text, row);
  return text;
}

}  // namespace checkerlab::cli
