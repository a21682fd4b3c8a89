#include "libmodel/data/crops.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "libmodel/image/crop.hpp"
#include "libmodel/image/decode.hpp"
#include "libmodel/image/tensor.hpp"
#include "libmodel/image/testing/read_bytes.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

TEST(Crops, AreThoseOfTheImage) {
  const auto image = decode_image(read_bytes(kGoldenTransform / "c_117x131.png"), "c");
  for (const std::int64_t target : {128, 64, 32}) {
    const auto source = fit_square(image, source_side(Crops::ten, target));
    const auto expected = ten_crop(source, target);
    const auto pixels = images_to_tensor({source}).permute({0, 3, 1, 2});
    for (std::int64_t crop = 0; crop < crop_count(Crops::ten); ++crop) {
      const auto cut = take_crop(pixels, Crops::ten, crop).permute({0, 2, 3, 1}).contiguous();
      EXPECT_EQ(tensor_to_images(cut)[0], expected[static_cast<std::size_t>(crop)]) << target << " crop " << crop;
    }
  }
}

TEST(Crops, KnowTheirSides) {
  EXPECT_EQ(source_side(Crops::ten, 256), 281);
  EXPECT_EQ(source_side(Crops::flip, 256), 256);
  for (std::int64_t target = 1; target < 600; ++target)
    EXPECT_EQ(crop_side(Crops::ten, source_side(Crops::ten, target)), target);
  expect_error(ErrorCode::invalid_argument, "10 pixels", [] { crop_side(Crops::ten, 10); });
  expect_error(ErrorCode::invalid_argument, "crop number 2", [] {
    take_crop(torch::zeros({1, 3, 4, 4}), Crops::flip, 2);
  });
  EXPECT_EQ(parse_crops("ten"), Crops::ten);
}

TEST(Crops, FlipIsTheMirrorImage) {
  const auto images = torch::arange(12).reshape({1, 3, 2, 2});
  EXPECT_TRUE(torch::equal(take_crop(images, Crops::flip, 0), images));
  EXPECT_TRUE(torch::equal(take_crop(images, Crops::flip, 1), images.flip({3})));
}

}  // namespace
}  // namespace checkerlab::model
