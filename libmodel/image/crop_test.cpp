#include "libmodel/image/crop.hpp"

#include <gtest/gtest.h>

#include "libmodel/image/grid.hpp"
#include "libmodel/image/resize.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

// Red tells the column, green the row.
Image coordinates(std::int64_t width, std::int64_t height) {
  Image image(width, height);
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      image.row(y)[x * 3] = static_cast<std::uint8_t>(x);
      image.row(y)[x * 3 + 1] = static_cast<std::uint8_t>(y);
    }
  }
  return image;
}

TEST(Crop, CutsTheRectangle) {
  const auto cut = crop(coordinates(9, 7), 2, 3, 4, 2);
  EXPECT_EQ(cut.width, 4);
  EXPECT_EQ(cut.height, 2);
  EXPECT_EQ(cut.row(1)[0], 2);
  EXPECT_EQ(cut.row(1)[1], 4);
  expect_error(ErrorCode::invalid_argument, "9x7", [] { crop(coordinates(9, 7), 6, 0, 4, 2); });
}

TEST(Crop, MirrorsLeftToRight) {
  const auto mirrored = mirror(coordinates(5, 2));
  EXPECT_EQ(mirrored.row(1)[0], 4);
  EXPECT_EQ(mirrored.row(1)[4 * 3], 0);
  EXPECT_EQ(mirror(mirrored), coordinates(5, 2));
}

TEST(Crop, FitsAnyImageIntoASquare) {
  EXPECT_EQ(fit_square(coordinates(32, 32), 32), coordinates(32, 32));
  const auto wide = fit_square(coordinates(100, 40), 20);
  EXPECT_EQ(wide.width, 20);
  EXPECT_EQ(wide.height, 20);
  EXPECT_EQ(fit_square(coordinates(3, 50), 16).height, 16);
}

TEST(Resize, RefusesEmptyTargets) {
  expect_error(ErrorCode::invalid_argument, "resize", [] { resize(coordinates(4, 4), 0, 4, ResizeFilter::box); });
}

TEST(Resize, KeepsAConstantImage) {
  Image grey(11, 5);
  std::fill(grey.pixels.begin(), grey.pixels.end(), 77);
  for (const auto filter : {ResizeFilter::box, ResizeFilter::bicubic}) {
    const auto resized = resize(grey, 4, 13, filter);
    EXPECT_TRUE(std::all_of(resized.pixels.begin(), resized.pixels.end(), [](int value) { return value == 77; }));
  }
}

TEST(Grid, PlacesImagesRowByRow) {
  std::vector<Image> images(3, Image(2, 2));
  images[2].pixels.assign(12, 9);
  const auto sheet = compose_grid(images, {.columns = 2, .gap = 1, .magnification = 2, .background = 255});
  EXPECT_EQ(sheet.width, 11);
  EXPECT_EQ(sheet.height, 11);
  EXPECT_EQ(sheet.row(0)[0], 255);
  EXPECT_EQ(sheet.row(1)[3], 0);
  EXPECT_EQ(sheet.row(6)[3], 9);
  EXPECT_EQ(sheet.row(6)[6 * 3], 255);
}

TEST(Grid, RefusesWhatDoesNotFit) {
  expect_error(ErrorCode::invalid_argument, "at least one image", [] { compose_grid({}, {}); });
  expect_error(ErrorCode::invalid_argument, "one size", [] { compose_grid({Image(2, 2), Image(3, 2)}, {}); });
}

}  // namespace
}  // namespace checkerlab::model
