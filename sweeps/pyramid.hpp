// Scale sizes and step counts of a pyramid of token grids. Pure integer and double arithmetic, no allocation beyond
// results. Source: "Progressive Checkerboards", section on scale ratios, and the authors' released rule (divide, round
// half to even).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "sweeps/definition.hpp"

namespace checkerlab::sweeps {

// A numeric ratio; its text is the shortest decimal ("2", "1.5"). Throws Error unless it is finite and > 1.
Ratio ratio_of(double value);
// The ratio called `text`: "sqrt2", "single" or a number. Throws Error when it is none of them.
Ratio ratio_named(std::string_view text);

// Sides of the scales, ascending: grid, grid/r, grid/r², … until ≤ 1, then 1; each rounded to the nearest integer (half
// to even), zeros and duplicates dropped. Without a value: {grid}.
std::vector<int> scale_sizes(int grid, const Ratio& ratio);

// Tokens of one block at a scale of side n when P steps are asked for: max(1, ⌊n²/P⌋).
int block_size(int side, int steps_per_scale);

// Steps really taken: Σ over scales of ⌈n²/block⌉.
int total_steps(std::span<const int> sizes, int steps_per_scale);

// The smallest numeric ratio; nearer to 1 the scales would hardly differ.
inline constexpr double kSmallestRatio = 1.01;

// The largest P with the same block sizes on every scale, so that requests that mean the same get the same key.
int canonical_steps(std::span<const int> sizes, int steps_per_scale);

// Sides the tokenizer is trained on: those of the ratios √2, 2, 3 and 4 together. They do not depend on the ratios of a
// sweep, so that adding a ratio to a study leaves the tokenizer as it is.
std::vector<int> tokenizer_sizes(int grid);

}  // namespace checkerlab::sweeps
