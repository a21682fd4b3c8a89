#include "base/order/checkerboard.hpp"

#include <bit>
#include <string>

#include "base/error.hpp"

namespace checkerlab {
namespace {

// Scan order (row * side + column) of a side that is a power of two.
std::vector<std::int64_t> power_of_two_scan(std::int64_t side) {
  if (side == 1) return {0};
  const std::int64_t half = side / 2;
  const std::vector<std::int64_t> quadrant = power_of_two_scan(half);
  const std::int64_t corners[] = {0, half * side + half, half,
                                  half * side};  // top left, bottom right, top right, bottom left
  std::vector<std::int64_t> scan;
  scan.reserve(static_cast<std::size_t>(side * side));
  for (const std::int64_t place : quadrant) {
    for (const std::int64_t corner : corners) {
      scan.push_back(corner + (place / half) * side + place % half);
    }
  }
  return scan;
}

}  // namespace

std::vector<std::int64_t> checkerboard_scan(int side) {
  if (side < 1 || side > kMaxGrid)
    throw Error(ErrorCode::invalid_argument, "a grid of side " + std::to_string(side) +
                                                 " has no checkerboard order: sides go from 1 to " +
                                                 std::to_string(kMaxGrid));
  const auto full = static_cast<std::int64_t>(std::bit_ceil(static_cast<unsigned>(side)));
  std::vector<std::int64_t> scan;
  for (const std::int64_t place : power_of_two_scan(full)) {
    const std::int64_t row = place / full, column = place % full;
    if (row < side && column < side) scan.push_back(row * side + column);
  }
  return scan;
}

std::vector<std::int64_t> checkerboard_rank(int side) {
  const std::vector<std::int64_t> scan = checkerboard_scan(side);
  std::vector<std::int64_t> rank(scan.size());
  for (std::size_t place = 0; place < scan.size(); ++place) {
    rank[static_cast<std::size_t>(scan[place])] = static_cast<std::int64_t>(place);
  }
  return rank;
}

}  // namespace checkerlab
