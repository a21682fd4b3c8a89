#include "libmodel/order/scales.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

#include "base/error.hpp"
#include "libmodel/order/checkerboard.hpp"

namespace checkerlab::model {

std::optional<double> parse_ratio(std::string_view text) {
  if (text == "single") return std::nullopt;
  if (text == "sqrt2") return std::sqrt(2.0);
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || !std::isfinite(value) || value <= 1)
    throw Error(ErrorCode::invalid_argument, "the scale ratio '" + std::string(text) + "' cannot be",
                "Use a number above 1, sqrt2 or single");
  return value;
}

std::vector<int> scale_sizes(int grid, std::optional<double> ratio, int smallest) {
  if (grid < 1 || grid > kMaxGrid)
    throw Error(ErrorCode::invalid_argument, "a token grid of side " + std::to_string(grid) + " cannot be",
                "Sides go from 1 to " + std::to_string(kMaxGrid));
  if (!ratio) return {grid};
  if (!(*ratio > 1))
    throw Error(ErrorCode::invalid_argument, "the scale ratio " + std::to_string(*ratio) + " cannot be",
                "Use a number above 1");
  if (smallest < 1 || smallest > grid)
    throw Error(ErrorCode::invalid_argument, "a smallest scale of side " + std::to_string(smallest) + " cannot be",
                "It goes from 1 to the grid's side " + std::to_string(grid));
  // Steps below half a token round to every side there is; the division itself could take for ever then.
  const double shrink = std::max(*ratio, 1 + 0.25 / grid);
  std::vector<int> sizes{smallest};
  double side = grid;
  // nearbyint rounds half to even in the default rounding mode.
  for (; side > smallest; side /= shrink) {
    sizes.push_back(static_cast<int>(std::nearbyint(side)));
  }
  sizes.push_back(static_cast<int>(std::nearbyint(side)));
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  std::erase(sizes, 0);
  return sizes;
}

std::int64_t token_count(const std::vector<int>& sizes) {
  std::int64_t count = 0;
  for (const int side : sizes) {
    count += std::int64_t{side} * side;
  }
  return count;
}

}  // namespace checkerlab::model
