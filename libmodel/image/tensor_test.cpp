#include "libmodel/image/tensor.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

TEST(ImageTensor, GoesThereAndBack) {
  const auto pixels = torch::arange(2 * 4 * 5 * 3).remainder(256).reshape({2, 4, 5, 3}).to(torch::kUInt8);
  const auto images = tensor_to_images(pixels);
  ASSERT_EQ(images.size(), 2u);
  EXPECT_EQ(images[0].width, 5);
  EXPECT_TRUE(torch::equal(images_to_tensor(images), pixels));
  expect_error(ErrorCode::invalid_argument, "uint8", [&] { tensor_to_images(pixels.to(torch::kFloat32)); });
  expect_error(ErrorCode::invalid_argument, "one size", [] { images_to_tensor({Image(2, 2), Image(3, 3)}); });
}

TEST(ImageTensor, NormalisesToMinusOneToOne) {
  const auto pixels = torch::tensor({0, 255, 51}, torch::kUInt8).reshape({1, 1, 1, 3});
  const auto images = normalise_pixels(pixels);
  EXPECT_EQ(images.sizes(), (at::IntArrayRef{1, 3, 1, 1}));
  EXPECT_TRUE(torch::allclose(images.flatten(), torch::tensor({-1.0F, 1.0F, -0.6F})));
}

TEST(ImageTensor, ClampsAndTruncatesPixels) {
  const auto images = torch::tensor({-3.0F, 0.0F, 2.0F}).reshape({1, 3, 1, 1});
  EXPECT_TRUE(torch::equal(to_pixels(images).flatten(), torch::tensor({0, 127, 255}, torch::kUInt8)));
}

TEST(ImageTensor, ShowsEveryPixelValueAgain) {
  const auto pixels = torch::arange(256).to(torch::kUInt8).reshape({1, 16, 16, 1}).expand({1, 16, 16, 3}).contiguous();
  const auto again = to_pixels(normalise_pixels(pixels)).to(torch::kInt16);
  EXPECT_LE((again - pixels.to(torch::kInt16)).abs().max().item<int>(), 1);
}

}  // namespace
}  // namespace checkerlab::model
