#include "sweeps/pyramid.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <string>

#include "base/canonical_json.hpp"
#include "base/error.hpp"

namespace checkerlab::sweeps {
namespace {

constexpr const char* kRatioFix = "Write a number greater than 1, sqrt2 or single.";

// Nearest integer, halves to the even one, whatever the rounding mode of the thread is.
int round_half_even(double value) {
  const double below = std::floor(value);
  const double rest = value - below;
  const int floor = static_cast<int>(below);
  if (rest != 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 == 0 ? floor : floor + 1;
}

}  // namespace

Ratio ratio_of(double value) {
  if (!std::isfinite(value) || value < kSmallestRatio)
    throw Error(ErrorCode::invalid_argument, "a scale ratio must be at least 1.01, found " + std::to_string(value),
                kRatioFix);
  return {canonical_json(value), value};
}

Ratio ratio_named(std::string_view text) {
  if (text == "sqrt2") return {"sqrt2", std::sqrt(2.0)};
  if (text == "single") return {"single", std::nullopt};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw Error(ErrorCode::invalid_argument, "'" + std::string(text) + "' is no scale ratio", kRatioFix);
  return ratio_of(value);
}

std::vector<int> scale_sizes(int grid, const Ratio& ratio) {
  if (!ratio.value) return {grid};
  std::set<int> sizes{1};
  for (double side = grid; side > 1; side /= *ratio.value)
    sizes.insert(round_half_even(side));
  return {sizes.begin(), sizes.end()};
}

int block_size(int side, int steps_per_scale) {
  return std::max(1, side * side / steps_per_scale);
}

int total_steps(std::span<const int> sizes, int steps_per_scale) {
  int steps = 0;
  for (const int side : sizes) {
    const int block = block_size(side, steps_per_scale);
    steps += (side * side + block - 1) / block;
  }
  return steps;
}

int canonical_steps(std::span<const int> sizes, int steps_per_scale) {
  // A block of b > 1 tokens stays the same up to P = ⌊n²/b⌋; one of a single token for every greater P.
  int largest_scale = 0;
  int most = 0;
  for (const int side : sizes) {
    largest_scale = std::max(largest_scale, side * side);
    const int block = block_size(side, steps_per_scale);
    if (block == 1) continue;
    const int last = side * side / block;
    most = most == 0 ? last : std::min(most, last);
  }
  return most == 0 ? largest_scale : most;
}

std::vector<int> tokenizer_sizes(int grid) {
  std::set<int> sizes;
  for (const char* ratio : {"sqrt2", "2", "3", "4"}) {
    const auto some = scale_sizes(grid, ratio_named(ratio));
    sizes.insert(some.begin(), some.end());
  }
  return {sizes.begin(), sizes.end()};
}

}  // namespace checkerlab::sweeps
