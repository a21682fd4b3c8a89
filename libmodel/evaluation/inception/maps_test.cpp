#include "libmodel/evaluation/inception/maps.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "libmodel/evaluation/inception/maps_point.hpp"
#include "libmodel/evaluation/inception/testing/golden.hpp"
#include "libmodel/testing/needs_cuda.hpp"

namespace checkerlab::model {
namespace {

// What the kernels compute per thread, run on the processor.
class InceptionMapsPoint : public testing::Test {
 protected:
  const at::Tensor maps = at::sin(at::arange(560, at::kFloat) * 1.7).view({2, 8, 7, 5});
  const at::Tensor bias = at::linspace(-1, 1, 8);
  const float* biases = bias.const_data_ptr<float>();

  at::Tensor averaged() const {
    return at::relu(at::avg_pool2d(maps, 3, 1, 1, false, false) + bias.view({1, -1, 1, 1}));
  }
  static PoolShape contiguous(std::int32_t out_height, std::int32_t out_width, std::int32_t stride,
                              std::int32_t padding) {
    return {16, 7, 5, 1, out_height, out_width, stride, padding, 8};
  }
  static PoolShape channels_last(std::int32_t out_height, std::int32_t out_width, std::int32_t stride,
                                 std::int32_t padding) {
    return {2, 7, 5, 2, out_height, out_width, stride, padding, 1};
  }
  template <int kWidth>
  static const Pack<float, kWidth>* packs(const at::Tensor& tensor) {
    return reinterpret_cast<const Pack<float, kWidth>*>(tensor.const_data_ptr<float>());
  }
  template <int kWidth, typename Point>
  static void fill(const at::Tensor& output, const PoolShape& shape, const Point& point) {
    ASSERT_EQ(shape.outputs() * kWidth, output.numel());
    auto* to = reinterpret_cast<Pack<float, kWidth>*>(output.mutable_data_ptr<float>());
    for (std::int32_t i = 0; i < shape.outputs(); ++i)
      to[i] = point(i);
  }
};

TEST_F(InceptionMapsPoint, LargestOfContiguousMaps) {
  const at::Tensor expected = at::max_pool2d(maps, 3, 2, 0), found = at::empty_like(expected);
  const PoolShape shape = contiguous(3, 2, 2, 0);
  fill<1>(found, shape, [&](std::int32_t i) { return largest_point(packs<1>(maps), shape, i); });
  EXPECT_TRUE(found.equal(expected));
}

TEST_F(InceptionMapsPoint, LargestOfChannelsLastMaps) {
  const auto format = at::MemoryFormat::ChannelsLast;
  const at::Tensor expected = at::max_pool2d(maps, 3, 1, 1);
  const at::Tensor found = at::empty(expected.sizes(), expected.options(), format), last = maps.contiguous(format);
  const PoolShape shape = channels_last(7, 5, 1, 1);
  fill<4>(found, shape, [&](std::int32_t i) { return largest_point(packs<4>(last), shape, i); });
  EXPECT_TRUE(found.equal(expected));
}

TEST_F(InceptionMapsPoint, AverageBiasAndRelu) {
  const auto format = at::MemoryFormat::ChannelsLast;
  const at::Tensor found = at::empty_like(maps), last = maps.contiguous(format);
  const at::Tensor found_last = at::empty(maps.sizes(), maps.options(), format);
  const PoolShape plain = contiguous(7, 5, 1, 1), packed = channels_last(7, 5, 1, 1);
  fill<1>(found, plain, [&](std::int32_t i) { return average_bias_relu_point(packs<1>(maps), biases, plain, i); });
  fill<4>(found_last, packed,
          [&](std::int32_t i) { return average_bias_relu_point(packs<4>(last), biases, packed, i); });
  EXPECT_LT(largest_difference(found, averaged()), 1e-6);
  EXPECT_LT(largest_difference(found_last, averaged()), 1e-6);
}

TEST_F(InceptionMapsPoint, BiasAndReluInPlace) {
  const at::Tensor found = maps.clone();
  auto* values = found.mutable_data_ptr<float>();
  const auto total = static_cast<std::int32_t>(found.numel());
  for (std::int32_t first = 0; first < total; first += 4)
    add_bias_relu_point(values + first, biases, 8, 35, first, std::min(4, total - first));
  EXPECT_TRUE(found.equal(at::relu(maps + bias.view({1, -1, 1, 1}))));
}

TEST_F(InceptionMapsPoint, KeepNaN) {
  const at::Tensor broken = maps.clone();
  broken[0][0][3][2] = NAN;
  const PoolShape shape = contiguous(7, 5, 1, 1);
  const at::Tensor largest = at::empty_like(maps), average = at::empty_like(maps);
  fill<1>(largest, shape, [&](std::int32_t i) { return largest_point(packs<1>(broken), shape, i); });
  fill<1>(average, shape, [&](std::int32_t i) { return average_bias_relu_point(packs<1>(broken), biases, shape, i); });
  EXPECT_EQ(largest.isnan().sum().item<int>(), 9);
  EXPECT_EQ(average.isnan().sum().item<int>(), 9);
}

// On the device, in every layout, against tensor operations.
class InceptionMapsCuda : public testing::TestWithParam<std::pair<at::ScalarType, at::MemoryFormat>> {};

TEST_P(InceptionMapsCuda, AgreeWithTensorOperations) {
  CHECKERLAB_NEEDS_CUDA_DEVICE();
  const auto [type, format] = GetParam();
  const at::Tensor maps = at::randn({3, 32, 35, 33}).to(at::kCUDA, type).contiguous(format);
  const at::Tensor bias = at::randn({32}).to(at::kCUDA);
  const at::Tensor exact = maps.to(at::kFloat), shaped = bias.view({1, -1, 1, 1});
  const double rounding = type == at::kHalf ? 2e-3 : 2e-6;
  for (const auto& [stride, padding] : {std::pair{2, 0}, std::pair{1, 1}})
    EXPECT_TRUE(largest_cuda(maps, stride, padding).equal(at::max_pool2d(maps, 3, stride, padding)));
  const at::Tensor average = average_bias_relu_cuda(maps, bias);
  EXPECT_EQ(average.suggest_memory_format(), format);
  EXPECT_LT(largest_difference(average, at::relu(at::avg_pool2d(exact, 3, 1, 1, false, false) + shaped)), rounding);
}

TEST(InceptionMapsBias, IsAddedInPlaceOnTheDevice) {
  CHECKERLAB_NEEDS_CUDA_DEVICE();
  for (const std::int64_t side : {1, 7, 35}) {
    at::Tensor maps = at::randn({3, 5, side, side}, at::kCUDA);
    const at::Tensor bias = at::randn({5}, at::kCUDA), expected = at::relu(maps + bias.view({1, -1, 1, 1}));
    add_bias_relu_cuda(maps, bias);
    EXPECT_TRUE(maps.equal(expected)) << side;
  }
}

INSTANTIATE_TEST_SUITE_P(Layouts, InceptionMapsCuda,
                         testing::Values(std::pair{at::kFloat, at::MemoryFormat::Contiguous},
                                         std::pair{at::kFloat, at::MemoryFormat::ChannelsLast},
                                         std::pair{at::kHalf, at::MemoryFormat::ChannelsLast}));

}  // namespace
}  // namespace checkerlab::model
