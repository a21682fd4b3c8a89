#include "libmodel/evaluation/inception/network.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "libmodel/evaluation/inception/cudnn_layers.hpp"
#include "libmodel/evaluation/inception/resize.hpp"
#include "libmodel/evaluation/inception/testing/formula_weights.hpp"
#include "libmodel/evaluation/inception/testing/golden.hpp"
#include "libmodel/evaluation/inception/testing/reference_layers.hpp"
#include "libmodel/evaluation/inception/torch_layers.hpp"
#include "libmodel/testing/needs_cuda.hpp"

namespace checkerlab::model {
namespace {

class InceptionNetwork : public testing::Test {
 protected:
  const InceptionGolden& golden = inception_golden();
  const InceptionWeights weights = formula_weights(1);

  // The golden images resized one by one, in one batch.
  at::Tensor batch(std::int64_t first, std::int64_t last) const {
    std::vector<at::Tensor> inputs;
    for (std::int64_t i = first; i < last; ++i)
      inputs.push_back(inception_input(golden.images[static_cast<std::size_t>(i)]));
    return at::cat(inputs);
  }
  at::Tensor rows(const std::string& name, std::int64_t first, std::int64_t last) const {
    return golden.at(name).slice(0, first, last);
  }
  void expect_golden(const InceptionOutputs& outputs) const {
    EXPECT_LT(largest_difference(outputs.pool, golden.at("pool3")), 1e-4);
    EXPECT_LT(largest_difference(outputs.spatial, golden.at("spatial")), 1e-4);
    EXPECT_LT(largest_difference(outputs.logits, golden.at("logits_nobias")), 3e-4);
    EXPECT_LT(largest_difference(outputs.logits.softmax(1), golden.at("softmax_nobias")), 3e-5);
  }
};

TEST_F(InceptionNetwork, AgreesBlockByBlock) {
  const TorchLayers layers(weights, at::kCPU, at::kFloat);
  std::string wrong;
  const auto outputs =
      run_inception(layers, weights.class_kernel, batch(0, 6), [&](std::string_view block, auto& maps) {
        const at::Tensor means = maps.to(at::kDouble).mean({2, 3});
        const double difference = largest_difference(means, golden.at("stage/" + std::string(block)));
        if (wrong.empty() && !(difference < 1e-4)) wrong = std::string(block) + " by " + std::to_string(difference);
      });
  EXPECT_EQ(wrong, "") << "the first block that is wrong";
  expect_golden(outputs);
}

// The resize in fp32, everything after it in fp64.
TEST_F(InceptionNetwork, AgreesInDoublePrecision) {
  const ReferenceLayers layers(weights, at::kCPU);
  const at::Tensor resized = resize_bilinear(golden.images[3], kInceptionSide).to(at::kDouble);
  const at::Tensor images = resized.sub(128).div(128).permute({0, 3, 1, 2});
  const auto outputs = run_inception(layers, weights.class_kernel.to(at::kDouble), images);
  EXPECT_LT(largest_difference(outputs.pool, rows("pool3_f64", 3, 4)), 1e-11);
  EXPECT_LT(largest_difference(outputs.spatial, rows("spatial_f64", 3, 4)), 1e-11);
}

TEST_F(InceptionNetwork, FoldsBatchNormalisationExactly) {
  const ConvolutionWeights one{.kernel = at::full({2, 1, 1, 1}, 3.0F),
                               .scale = at::tensor({2.0F, 1.0F}),
                               .shift = at::tensor({1.0F, 0.0F}),
                               .mean = at::tensor({0.5F, 0.0F}),
                               .variance = at::tensor({0.0F, 3.0F}),
                               .epsilon = 1};
  const FoldedConvolution folded = fold(one);
  EXPECT_TRUE(folded.kernel.flatten().equal(at::tensor({6.0, 1.5})));
  EXPECT_TRUE(folded.bias.equal(at::tensor({0.0, 0.0})));
}

TEST_F(InceptionNetwork, AgreesOnAGpu) {
  CHECKERLAB_NEEDS_CUDA_DEVICE();
  for (const bool tune : {false, true}) {
    const CudnnLayers layers(weights, at::Device(at::kCUDA, 0), FeaturePrecision::fp32, tune);
    expect_golden(run_inception(layers, weights.class_kernel.cuda(), batch(0, 6).cuda()));
  }
}

// Bounds are what the fast modes are good for, not what they must be.
TEST_F(InceptionNetwork, ComesCloseInTheFastModes) {
  CHECKERLAB_NEEDS_CUDA_DEVICE();
  for (const auto precision : {FeaturePrecision::tf32, FeaturePrecision::fp16}) {
    const CudnnLayers layers(weights, at::Device(at::kCUDA, 0), precision, true);
    const at::Tensor images = at::constant_pad_nd(batch(0, 6), {0, 0, 0, 0, 0, layers.input_channels() - 3});
    const at::Tensor there = images.to(at::kCUDA, layers.type()).contiguous(at::MemoryFormat::ChannelsLast);
    const auto outputs = run_inception(layers, weights.class_kernel.cuda(), there);
    EXPECT_LT(largest_difference(outputs.pool, golden.at("pool3")), 0.05) << to_string(precision);
    EXPECT_LT(largest_difference(outputs.spatial, golden.at("spatial")), 0.05) << to_string(precision);
  }
}

}  // namespace
}  // namespace checkerlab::model
