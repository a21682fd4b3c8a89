#include "libmodel/order/scan_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.hpp"
#include "libmodel/order/checkerboard.hpp"

namespace checkerlab::model {
namespace {

using testing::ElementsAre;

TEST(ScanOrder, smallGridsByHand) {
  EXPECT_THAT(grid_scan(ScanOrder::raster, 2, 0), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(grid_scan(ScanOrder::checkerboard, 2, 0), ElementsAre(0, 3, 1, 2));
  EXPECT_THAT(grid_scan(ScanOrder::quadrant, 4, 0), ElementsAre(0, 2, 8, 10, 1, 3, 9, 11, 4, 6, 12, 14, 5, 7, 13, 15));
  EXPECT_THAT(grid_scan(ScanOrder::z_curve, 4, 0), ElementsAre(0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15));
  EXPECT_THAT(grid_scan(ScanOrder::z_curve, 3, 0), ElementsAre(0, 1, 3, 4, 2, 5, 6, 7, 8));
}

TEST(ScanOrder, everyOrderVisitsEveryPlaceOnce) {
  for (const auto order :
       {ScanOrder::checkerboard, ScanOrder::raster, ScanOrder::random, ScanOrder::quadrant, ScanOrder::z_curve}) {
    for (const int side : {1, 2, 5, 11, 16}) {
      auto scan = grid_scan(order, side, 3);
      std::sort(scan.begin(), scan.end());
      for (std::size_t i = 0; i < scan.size(); ++i) {
        ASSERT_EQ(scan[i], static_cast<std::int64_t>(i)) << to_string(order) << " side " << side;
      }
    }
    EXPECT_EQ(scan_order_from_string(to_string(order)), order);
  }
}

TEST(ScanOrder, randomIsAFunctionOfTheSeed) {
  EXPECT_EQ(grid_scan(ScanOrder::random, 8, 1), grid_scan(ScanOrder::random, 8, 1));
  EXPECT_NE(grid_scan(ScanOrder::random, 8, 1), grid_scan(ScanOrder::random, 8, 2));
  EXPECT_EQ(grid_scan(ScanOrder::quadrant, 8, 1), grid_scan(ScanOrder::quadrant, 8, 2));
}

TEST(ScanOrder, refusesUnknownNamesAndSides) {
  EXPECT_THROW(scan_order_from_string("diagonal"), Error);
  EXPECT_THROW(grid_scan(ScanOrder::raster, 0, 0), Error);
  EXPECT_THROW(grid_scan(ScanOrder::random, kMaxGrid + 1, 0), Error);
}

}  // namespace
}  // namespace checkerlab::model
