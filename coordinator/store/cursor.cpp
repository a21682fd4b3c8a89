#include "coordinator/store/cursor.hpp"

#include <charconv>

#include "base/error.hpp"

namespace checkerlab::coordinator {

std::vector<std::int64_t> parse_cursor(const std::string& cursor, std::size_t count) {
  std::vector<std::int64_t> values;
  const char* position = cursor.data();
  const char* end = position + cursor.size();
  while (position < end) {
    std::int64_t value = 0;
    const auto [next, error] = std::from_chars(position, end, value);
    if (error != std::errc{} || (next != end && *next != '.')) break;
    values.push_back(value);
    position = next == end ? end : next + 1;
  }
  if (position != end || values.size() != count || cursor.ends_with('.')) {
    throw Error(ErrorCode::invalid_argument, "'" + cursor.substr(0, 80) + "' is no cursor of this list",
                "Use next_cursor of the page before, or none for the first page.");
  }
  return values;
}

void check_limit(std::int64_t limit, std::int64_t most) {
  if (limit >= 1 && limit <= most) return;
  throw Error(ErrorCode::invalid_argument, "limit is " + std::to_string(limit),
              "Choose a limit from 1 to " + std::to_string(most) + ".");
}

}  // namespace checkerlab::coordinator
