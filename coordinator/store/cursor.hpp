// Pages of a list: cursors are the sort values of the last row shown, so that a page costs the same wherever it is and
// rows that come in between are neither skipped nor repeated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace checkerlab::coordinator {

// "3.1200" → {3, 1200}. Throws Error(invalid_argument) unless there are exactly `count` numbers.
std::vector<std::int64_t> parse_cursor(const std::string& cursor, std::size_t count);

// Throws Error(invalid_argument) unless 1 ≤ limit ≤ most.
void check_limit(std::int64_t limit, std::int64_t most);

// `rows` holds up to limit + 1 of them; the last only says that there is a next page.
template <class Row, class ToJson, class ToCursor>
nlohmann::json make_page(const std::vector<Row>& rows, std::int64_t limit, ToJson&& to_json, ToCursor&& to_cursor) {
  const bool more = static_cast<std::int64_t>(rows.size()) > limit;
  const std::size_t shown = more ? static_cast<std::size_t>(limit) : rows.size();
  nlohmann::json items = nlohmann::json::array();
  for (std::size_t i = 0; i < shown; ++i)
    items.push_back(to_json(rows[i]));
  return {{"items", std::move(items)},
          {"next_cursor", more ? nlohmann::json(to_cursor(rows[shown - 1])) : nlohmann::json(nullptr)}};
}

}  // namespace checkerlab::coordinator
