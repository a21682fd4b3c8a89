// The pyramid of scales of a token grid. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace checkerlab::model {

// "sqrt2", "single" (no value) or a number > 1. Throws Error(ErrorCode::invalid_argument) for anything else.
std::optional<double> parse_ratio(std::string_view text);

// Sides of the scales, ascending, the last is `grid`: start at the grid, divide by the ratio until ≤ `smallest`, append
// `smallest`, round half to even, sort, drop duplicates and zeros. Without a ratio: the grid alone. grid 16: √2 → 1 2 3
// 4 6 8 11 16, 3 → 1 2 5 16. Throws Error(ErrorCode::invalid_argument) for a ratio ≤ 1 and a grid out of range.
std::vector<int> scale_sizes(int grid, std::optional<double> ratio, int smallest = 1);

// Σ side².
std::int64_t token_count(const std::vector<int>& sizes);

}  // namespace checkerlab::model
