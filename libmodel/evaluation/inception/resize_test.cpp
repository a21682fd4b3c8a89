#include "libmodel/evaluation/inception/resize.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "libmodel/evaluation/inception/layout.hpp"
#include "libmodel/evaluation/inception/testing/golden.hpp"
#include "libmodel/testing/needs_cuda.hpp"

namespace checkerlab::model {
namespace {

class InceptionResize : public testing::TestWithParam<int> {
 protected:
  const InceptionGolden& golden = inception_golden();
  std::size_t index = static_cast<std::size_t>(GetParam());
  const std::string& name = golden.names.at(index);
  const at::Tensor& image = golden.images.at(index);
  nlohmann::json json = nlohmann::json::parse(SystemFiles().read(inception_golden_folder() / "expected.json"));

  void expect_crop(const at::Tensor& resized, const char* crop, std::int64_t begin, std::int64_t end) {
    const at::Tensor part = resized[0].slice(0, begin, end).slice(1, begin, end);
    EXPECT_LE(largest_difference(part, golden.at("resize/" + name + "/" + crop)), 0) << name << " " << crop;
  }
};

TEST_P(InceptionResize, GivesTheGoldenBits) {
  ASSERT_EQ(sha256_hex({static_cast<const char*>(image.const_data_ptr()), image.nbytes()}),
            json["pixels_sha256"][index].get<std::string>());
  const at::Tensor resized = resize_bilinear(image, kInceptionSide);
  expect_crop(resized, "top_left", 0, 32);
  expect_crop(resized, "middle", 140, 164);
  expect_crop(resized, "bottom_right", 267, 299);
  const at::Tensor values = resized.to(at::kDouble);
  const double sum = json["resized_sum"][index], squares = json["resized_sum_of_squares"][index];
  EXPECT_NEAR(values.sum().item<double>() / sum, 1, 1e-12);
  EXPECT_NEAR(values.square().sum().item<double>() / squares, 1, 1e-12);
}

TEST_P(InceptionResize, AgreesWithThePlainReference) {
  const at::Tensor pixels = at::cat({image, image.flip({1})});
  EXPECT_TRUE(resize_bilinear(pixels, kInceptionSide).equal(resize_bilinear_reference(pixels, kInceptionSide)));
  EXPECT_TRUE(resize_bilinear(pixels, 17).equal(resize_bilinear_reference(pixels, 17)));
}

TEST_P(InceptionResize, GivesTheSameBitsOnAGpu) {
  CHECKERLAB_NEEDS_CUDA_DEVICE();
  const at::Tensor pixels = at::cat({image, image.flip({1})});
  const at::Tensor expected = inception_input(pixels), there = pixels.to(at::kCUDA);
  EXPECT_TRUE(inception_input(there).cpu().equal(expected));
  EXPECT_TRUE(inception_input_cuda(there, 3, at::kFloat).cpu().equal(expected));
  const at::Tensor padded = inception_input_cuda(there, 8, at::kHalf).cpu();
  EXPECT_TRUE(padded.is_contiguous(at::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(padded.slice(1, 0, 3).equal(expected.to(at::kHalf)));
  EXPECT_EQ(padded.slice(1, 3, 8).abs().max().item<float>(), 0);
}

INSTANTIATE_TEST_SUITE_P(Images, InceptionResize, testing::Range(0, 6));

TEST(InceptionResizeEdge, TakesASinglePixel) {
  const at::Tensor pixel = at::full({1, 1, 1, 3}, 200, at::kByte);
  EXPECT_TRUE(resize_bilinear(pixel, 299).equal(at::full({1, 299, 299, 3}, 200, at::kFloat)));
  EXPECT_TRUE(inception_input(pixel).equal(at::full({1, 3, 299, 299}, 72.0 / 128, at::kFloat)));
}

}  // namespace
}  // namespace checkerlab::model
