#pragma once
// A table of text cells, rendered for people (aligned, with rules) or for programs (CSV). Pure value; not synchronised.
#include <cstddef>
#include <string>
#include <vector>

namespace checkerlab::cli {

enum class Align { left, right };

struct Column {
  std::string title;
  Align align = Align::left;
};

/// Rows must have as many cells as there are columns; `add_row` throws `std::invalid_argument` otherwise.
class Table {
 public:
  explicit Table(std::vector<Column> columns);

  void add_row(std::vector<std::string> cells);
  [[nodiscard]] std::size_t rows() const { return rows_.size(); }

  /// Titles, a rule, one line a row; each line ends with a newline. Control characters in cells become spaces.
  [[nodiscard]] std::string to_text() const;

  /// RFC 4180: comma separated, quoted where needed, "\r\n" is not used (one "\n" a row).
  [[nodiscard]] std::string to_csv() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace checkerlab::cli
