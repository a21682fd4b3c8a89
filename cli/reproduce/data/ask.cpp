#include "cli/reproduce/data/ask.hpp"

#include <cmath>

#include "base/error.hpp"

namespace checkerlab::cli::reproduce {

using Json = nlohmann::json;

Row::Row(const std::map<std::string, std::size_t>& columns, const Json& cells, std::size_t index)
    : columns_(columns), cells_(cells), index_(index) {}

const Json& Row::cell(const std::string& name) const {
  const auto found = columns_.find(name);
  if (found == columns_.end()) throw Error(ErrorCode::invalid_data, "the database's answer has no column " + name);
  return cells_.at(found->second);
}

void Row::refuse(const std::string& name, const char* wanted) const {
  throw Error(ErrorCode::invalid_data, "row " + std::to_string(index_ + 1) + " of the database's answer: " + name +
                                           " is " + cell(name).dump() + ", expected " + wanted);
}

bool Row::has(const std::string& name) const {
  return !cell(name).is_null();
}

std::string Row::text(const std::string& name) const {
  if (!cell(name).is_string()) refuse(name, "a text");
  return cell(name);
}

std::string Row::text_or(const std::string& name, const std::string& other) const {
  return has(name) ? text(name) : other;
}

double Row::number(const std::string& name) const {
  if (!cell(name).is_number()) refuse(name, "a number");
  return cell(name);
}

std::optional<double> Row::optional_number(const std::string& name) const {
  return has(name) ? std::optional(number(name)) : std::nullopt;
}

long long Row::integer(const std::string& name) const {
  const double value = number(name);
  if (value != std::floor(value) || std::abs(value) > 9e15) refuse(name, "a whole number");
  return static_cast<long long>(value);
}

long long Row::integer_or(const std::string& name, long long other) const {
  return has(name) ? integer(name) : other;
}

Json Row::json(const std::string& name) const {
  if (!has(name)) return nullptr;
  Json value = Json::parse(text(name), nullptr, false);
  if (value.is_discarded()) refuse(name, "JSON");
  return value;
}

Rows::Rows(Json answer) {
  const auto is_list = [&](const char* name) { return answer.contains(name) && answer.at(name).is_array(); };
  if (!answer.is_object() || !is_list("columns") || !is_list("rows"))
    throw Error(ErrorCode::invalid_data, "the answer to a query has no columns and rows");
  if (answer.value("truncated", false))
    throw Error(ErrorCode::too_large, "the database holds more points than one query gives",
                "Name the studies with --study.");
  for (const Json& name : answer.at("columns"))
    columns_.emplace(name.get<std::string>(), columns_.size());
  rows_ = std::move(answer.at("rows"));
  for (const Json& row : rows_) {
    if (!row.is_array() || row.size() != columns_.size())
      throw Error(ErrorCode::invalid_data, "a row of the database's answer has not one cell for every column");
  }
}

std::optional<Rows> ask_view(const Ask& ask, const std::string& view, const std::string& sql) {
  const Rows names(ask("select name from sqlite_master where name = '" + view + "'"));
  if (names.size() == 0) return std::nullopt;
  return Rows(ask(sql));
}

std::string sql_list(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) {
    list += list.empty() ? "'" : ",'";
    for (const char c : text)
      list += c == '\'' ? "''" : std::string(1, c);
    list += "'";
  }
  return list;
}

}  // namespace checkerlab::cli::reproduce
