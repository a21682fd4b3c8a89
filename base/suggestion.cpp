#include "base/suggestion.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace checkerlab {
namespace {

// One row of the distance table at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row.at(0)++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view word, std::span<const std::string> names) {
  std::size_t best = std::max<std::size_t>(2, word.size() / 3) + 1;
  std::optional<std::string> nearest;
  for (const std::string& name : names) {
    const std::size_t there = distance(word, name);
    if (there >= best) continue;
    best = there;
    nearest = name;
  }
  return nearest;
}

}  // namespace checkerlab
