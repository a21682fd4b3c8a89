#include "libmodel/image/colour_map.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

double lightness(const std::array<std::uint8_t, 3>& colour) {
  return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2];
}

TEST(ColourMap, growsLighterFromEndToEnd) {
  double last = -1;
  for (int i = 0; i <= 64; ++i) {
    const double now = lightness(map_colour(i / 64.0));
    EXPECT_GT(now, last) << i;
    last = now;
  }
  EXPECT_EQ(map_colour(-3), map_colour(0));
  EXPECT_EQ(map_colour(7), map_colour(1));
  EXPECT_EQ(map_colour(std::nan("")), (std::array<std::uint8_t, 3>{128, 128, 128}));
}

TEST(ColourMap, everyPlaceBecomesASquare) {
  const Image image = colour_image(torch::tensor({{0, 1}, {2, 3}}, torch::kInt64), 0, 3, 6);
  ASSERT_EQ(image.width, 6);
  const auto colour_at = [&](std::int64_t x, std::int64_t y) {
    const std::uint8_t* pixel = image.row(y) + 3 * x;
    return std::array<std::uint8_t, 3>{pixel[0], pixel[1], pixel[2]};
  };
  EXPECT_EQ(colour_at(2, 2), map_colour(0));
  EXPECT_EQ(colour_at(3, 2), map_colour(1.0 / 3));
  EXPECT_EQ(colour_at(0, 5), map_colour(2.0 / 3));
  EXPECT_EQ(colour_at(5, 5), map_colour(1));
}

TEST(ColourMap, refusesWhatIsNoGrid) {
  EXPECT_THROW(colour_image(torch::zeros({3}), 0, 1, 8), Error);
  EXPECT_THROW(enlarge(Image(), 8), Error);
}

}  // namespace
}  // namespace checkerlab::model
