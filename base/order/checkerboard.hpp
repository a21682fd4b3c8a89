// The progressive checkerboard order of the locations of a square grid (Algorithm 1 of the progressive checkerboards
// paper): quadrants of the next power of two merged round-robin in the order top left, bottom right, top right, bottom
// left; other sides are cut from it (top left) and ranked again. Pure functions.
#pragma once

#include <cstdint>
#include <vector>

namespace checkerlab {

inline constexpr int kMaxGrid = 256;

// rank[row * side + column] = place of that location in the order, 0 … side² − 1. 1 ≤ side ≤ kMaxGrid.
std::vector<std::int64_t> checkerboard_rank(int side);

// The inverse: scan[place] = row * side + column.
std::vector<std::int64_t> checkerboard_scan(int side);

}  // namespace checkerlab
