// Questions to the database, by way of the coordinator. Values are plain; a function that asks throws what the
// connection throws, and Error(invalid_data) for an answer of another shape.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace checkerlab::cli::reproduce {

// SQL → the answer of POST /api/v1/query: {columns, rows, truncated}.
using Ask = std::function<nlohmann::json(const std::string& sql)>;

// One row; a view of the Rows that gave it.
class Row {
 public:
  Row(const std::map<std::string, std::size_t>& columns, const nlohmann::json& cells, std::size_t index);

  bool has(const std::string& name) const;  // not null
  std::string text(const std::string& name) const;
  std::string text_or(const std::string& name, const std::string& other) const;
  double number(const std::string& name) const;
  std::optional<double> optional_number(const std::string& name) const;
  long long integer(const std::string& name) const;
  long long integer_or(const std::string& name, long long other) const;
  // The text as JSON; null when the cell is null.
  nlohmann::json json(const std::string& name) const;

 private:
  const nlohmann::json& cell(const std::string& name) const;
  [[noreturn]] void refuse(const std::string& name, const char* wanted) const;

  const std::map<std::string, std::size_t>& columns_;
  const nlohmann::json& cells_;
  std::size_t index_;
};

class Rows {
 public:
  // Refuses a truncated answer: half of the numbers must never look like all of them.
  explicit Rows(nlohmann::json answer);

  std::size_t size() const { return rows_.size(); }
  Row operator[](std::size_t index) const { return {columns_, rows_[index], index}; }

 private:
  std::map<std::string, std::size_t> columns_;
  nlohmann::json rows_;
};

// Asks, and nothing when the view or table is unknown to the coordinator (it is older than this program).
std::optional<Rows> ask_view(const Ask& ask, const std::string& view, const std::string& sql);

// 'a','b' with quotes doubled, for an SQL list.
std::string sql_list(const std::vector<std::string>& texts);

}  // namespace checkerlab::cli::reproduce
