#include "libmodel/image/orientation.hpp"

#include <gtest/gtest.h>

namespace checkerlab::model {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes block(bool big_endian, std::uint8_t value, std::uint8_t entries = 1) {
  if (big_endian)
    return {'M', 'M', 0, 42, 0, 0, 0, 8, 0, entries, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, value, 0, 0, 0, 0, 0, 0};
  return {'I', 'I', 42, 0, 8, 0, 0, 0, entries, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0};
}

TEST(Orientation, IsReadInBothByteOrders) {
  for (const bool big_endian : {false, true}) {
    EXPECT_EQ(exif_orientation(block(big_endian, 6)), Orientation::quarter_right);
    EXPECT_EQ(exif_orientation(block(big_endian, 9)), Orientation::upright);
    EXPECT_EQ(exif_orientation(block(big_endian, 0)), Orientation::upright);
  }
  Bytes introduced{'E', 'x', 'i', 'f', 0, 0};
  const auto bare = block(true, 3);
  introduced.insert(introduced.end(), bare.begin(), bare.end());
  EXPECT_EQ(exif_orientation(introduced), Orientation::half_turn);
}

TEST(Orientation, IgnoresDamagedBlocks) {
  for (const bool big_endian : {false, true}) {
    const auto whole = block(big_endian, 6, 255);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      const auto found = exif_orientation(part);
      EXPECT_TRUE(found == Orientation::upright || found == Orientation::quarter_right);
    }
    auto beyond = block(big_endian, 6);
    beyond[4] = beyond[7] = 0xff;
    EXPECT_EQ(exif_orientation(beyond), Orientation::upright);
  }
}

TEST(Orientation, TurnsAQuarterClockwise) {
  Image image(3, 2);
  image.row(0)[0] = 1;  // the top left pixel comes to the top right
  image.row(1)[0] = 2;  // the bottom left one to the top left
  const auto turned = turn_upright(image, Orientation::quarter_right);
  EXPECT_EQ(turned.width, 2);
  EXPECT_EQ(turned.height, 3);
  EXPECT_EQ(turned.row(0)[3], 1);
  EXPECT_EQ(turned.row(0)[0], 2);
  EXPECT_EQ(turn_upright(turned, Orientation::quarter_left), image);
}

}  // namespace
}  // namespace checkerlab::model
