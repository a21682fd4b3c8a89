// The orders in which the locations of a grid can be predicted. Published models are trained in the checkerboard order
// alone; the others are there for comparison. Pure functions.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace checkerlab::model {

enum class ScanOrder {
  checkerboard,  // the models' own, see checkerboard.hpp
  raster,        // row by row
  random,        // a permutation that is a function of (seed, side)
  quadrant,  // quadrants merged round-robin as the checkerboard's, but top left, top right, bottom left, bottom right
  z_curve    // each quadrant whole before the next: top left, top right, bottom left, bottom right
};

// "checkerboard", "raster", "random", "quadrant", "z-curve". Throws Error(ErrorCode::invalid_argument) for another
// name.
ScanOrder scan_order_from_string(std::string_view text);
std::string_view to_string(ScanOrder order);

// scan[place] = row * side + column. 1 ≤ side ≤ kMaxGrid. `seed` counts for `random` alone.
std::vector<std::int64_t> grid_scan(ScanOrder order, int side, std::uint64_t seed);

}  // namespace checkerlab::model
