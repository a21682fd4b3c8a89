#include "libmodel/order/scan_order.hpp"

#include <array>
#include <bit>
#include <numeric>
#include <string>

#include "base/error.hpp"
#include "libmodel/order/checkerboard.hpp"
#include "libmodel/random/draws.hpp"

namespace checkerlab::model {
namespace {

constexpr std::array<std::pair<std::string_view, ScanOrder>, 5> kNames{{{"checkerboard", ScanOrder::checkerboard},
                                                                        {"raster", ScanOrder::raster},
                                                                        {"random", ScanOrder::random},
                                                                        {"quadrant", ScanOrder::quadrant},
                                                                        {"z-curve", ScanOrder::z_curve}}};

struct Place {
  std::int64_t row, column;
};

// Place number `index` of a side that is a power of two: every two bits of the index are a quadrant (row above column).
// The lowest two choose the coarsest quadrant when they are merged round-robin, the highest two when each is whole.
Place place_of(std::int64_t index, int side, bool round_robin) {
  Place place{0, 0};
  std::int64_t half = round_robin ? side / 2 : 1;
  for (int level = std::countr_zero(static_cast<unsigned>(side)); level > 0; --level, index >>= 2) {
    place.row += (index >> 1 & 1) * half;
    place.column += (index & 1) * half;
    half = round_robin ? half / 2 : half * 2;
  }
  return place;
}

// The order of the next power of two, cut to the side (top left).
std::vector<std::int64_t> quadrant_scan(int side, bool round_robin) {
  const auto full = static_cast<int>(std::bit_ceil(static_cast<unsigned>(side)));
  std::vector<std::int64_t> scan;
  for (std::int64_t index = 0; index < std::int64_t{full} * full; ++index) {
    const Place place = place_of(index, full, round_robin);
    if (place.row < side && place.column < side) scan.push_back(place.row * side + place.column);
  }
  return scan;
}

}  // namespace

ScanOrder scan_order_from_string(std::string_view text) {
  for (const auto& [name, order] : kNames) {
    if (text == name) return order;
  }
  throw Error(ErrorCode::invalid_argument, "unknown order '" + std::string(text) + "'",
              "Use checkerboard, raster, random, quadrant or z-curve");
}

std::string_view to_string(ScanOrder order) {
  return kNames.at(static_cast<std::size_t>(order)).first;
}

std::vector<std::int64_t> grid_scan(ScanOrder order, int side, std::uint64_t seed) {
  std::vector<std::int64_t> scan = checkerboard_scan(side);  // checks the side
  switch (order) {
    case ScanOrder::checkerboard:
      break;
    case ScanOrder::raster:
      std::iota(scan.begin(), scan.end(), 0);
      break;
    case ScanOrder::random:
      return random_permutation(seed, RandomDomain::scan_order, static_cast<std::uint64_t>(side),
                                std::int64_t{side} * side);
    case ScanOrder::quadrant:
    case ScanOrder::z_curve:
      return quadrant_scan(side, order == ScanOrder::quadrant);
  }
  return scan;
}

}  // namespace checkerlab::model
