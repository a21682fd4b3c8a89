#include <gtest/gtest.h>

#include <vector>

#include "base/plot/axis.hpp"
#include "base/plot/svg.hpp"

namespace checkerlab::plot {
namespace {

TEST(Axis, MapsEndsToEnds) {
  const Axis x = Axis::log2(1, 16, 0, 400);
  EXPECT_DOUBLE_EQ(x.at(1), 0);
  EXPECT_DOUBLE_EQ(x.at(4), 200);
  EXPECT_DOUBLE_EQ(x.at(16), 400);
  const Axis flat = Axis::linear(5, 5, 100, 0);
  EXPECT_DOUBLE_EQ(flat.at(5), 50);
}

TEST(Axis, TicksAreRoundNumbers) {
  EXPECT_EQ(linear_ticks(12, 97, 5), (std::vector<double>{20, 40, 60, 80}));
  EXPECT_EQ(linear_ticks(5, 5, 5), std::vector<double>{});
  EXPECT_EQ(tick_decimals({20, 40}), 0);
  EXPECT_EQ(tick_decimals({2.5, 3.0}), 1);
  EXPECT_EQ(tick_decimals({1.0, 1.0005}), 4);
  EXPECT_EQ(tick_decimals(linear_ticks(0.29, 0.61, 3)), 1);
  EXPECT_EQ(log2_ticks(1, 16), (std::vector<double>{1, 2, 4, 8, 16}));
  EXPECT_EQ(log2_ticks(5, 20), (std::vector<double>{6, 8, 12, 16}));
}

TEST(Svg, EscapesText) {
  EXPECT_EQ(escaped("<a href=\"x\">&\n"), "&lt;a href=&quot;x&quot;&gt;&amp; ");
  EXPECT_EQ(coordinate(1.0 / 3), "0.33");
  EXPECT_EQ(coordinate(-0.001), "0");
  EXPECT_EQ(coordinate(100), "100");
}

}  // namespace
}  // namespace checkerlab::plot
