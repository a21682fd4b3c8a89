#include "libmodel/evaluation/inception/inception_features.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "libmodel/device.hpp"
#include "libmodel/evaluation/inception/testing/formula_weights.hpp"
#include "libmodel/evaluation/inception/testing/golden.hpp"
#include "libmodel/evaluation/inception/testing/weight_files.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/testing/needs_cuda.hpp"
#include "libmodel/testing/recording_observer.hpp"

namespace checkerlab::model {
namespace {

std::unique_ptr<FeatureNetwork> network(std::uint64_t salt, c10::Device device = c10::kCPU,
                                        FeaturePrecision precision = FeaturePrecision::fp32) {
  return make_inception_features(formula_weights(salt), "", device, precision, false);
}

void expect_close(const NetworkFeatures& a, const NetworkFeatures& b) {
  EXPECT_LT(largest_difference(a.pool, b.pool), 1e-4);
  EXPECT_LT(largest_difference(a.spatial, b.spatial), 1e-4);
  EXPECT_LT(largest_difference(a.logits, b.logits), 1e-4);
}

NetworkFeatures turned(const NetworkFeatures& features) {
  return {.pool = features.pool.flip({0}), .spatial = features.spatial.flip({0}), .logits = features.logits.flip({0})};
}

class InceptionFeaturesTest : public testing::Test {
 protected:
  const InceptionGolden& golden = inception_golden();
  const at::Tensor three = at::cat({golden.images[0], golden.images[1], golden.images[2]});
  NullObserver observer;
};

TEST_F(InceptionFeaturesTest, DependOnTheImageAlone) {
  const auto inception = network(1);
  const NetworkFeatures together = inception->compute(three, 3, observer);
  EXPECT_LT(largest_difference(together.pool, golden.at("pool3").slice(0, 0, 3)), 1e-4);
  EXPECT_LT(largest_difference(together.spatial, golden.at("spatial").slice(0, 0, 3)), 1e-4);
  EXPECT_LT(largest_difference(together.logits, golden.at("logits_nobias").slice(0, 0, 3)), 3e-4);
  expect_close(inception->compute(three, 2, observer), together);
  expect_close(turned(inception->compute(three.flip({0}), 3, observer)), together);
}

TEST_F(InceptionFeaturesTest, ComeFromOtherWeightsToo) {
  const NetworkFeatures one = network(1)->compute(golden.images[3], 1, observer);
  const NetworkFeatures two = network(2)->compute(golden.images[3], 1, observer);
  EXPECT_GT(largest_difference(one.pool, two.pool), 0.1);
  EXPECT_GT(two.pool.mean().item<double>(), 0.2);
}

TEST_F(InceptionFeaturesTest, TellWhatTheyAre) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "inception.safetensors";
  write_weight_file(file, WeightLayout::safetensors, formula_tensors(1));
  const auto inception = open_feature_network(file, c10::kCPU);
  EXPECT_EQ(inception->kind(), "inception-2015-12-05");
  EXPECT_EQ(inception->sha256(), sha256_file(file));
  EXPECT_EQ(inception->width(), 2048);
  EXPECT_EQ(inception->spatial_width(), 2023);
  EXPECT_EQ(inception->classes(), 1008);
  EXPECT_TRUE(inception->resizes());
  const NetworkFeatures none = inception->compute(three.slice(0, 0, 0), 4, observer);
  EXPECT_EQ(none.pool.sizes(), at::IntArrayRef({0, 2048}));
  EXPECT_EQ(none.spatial.sizes(), at::IntArrayRef({0, 2023}));
}

TEST_F(InceptionFeaturesTest, RefuseOtherPixels) {
  const auto inception = network(1);
  const auto refuses = [&](const std::string& text, const at::Tensor& pixels, std::int64_t batch) {
    expect_error(ErrorCode::invalid_argument, text, [&] { inception->compute(pixels, batch, observer); });
  };
  refuses("must be positive", three, 0);
  refuses("uint8 images [N,H,W,3]", three.to(at::kFloat), 1);
  refuses("uint8 images [N,H,W,3]", three.permute({0, 3, 1, 2}), 1);
  refuses("images of 5x0 pixels", at::zeros({1, 0, 5, 3}, at::kByte), 1);
}

TEST_F(InceptionFeaturesTest, CanBeCancelledBetweenBatches) {
  RecordingObserver recorder;
  recorder.cancel_at = 1;
  const auto inception = network(1);
  expect_error(ErrorCode::cancelled, "the feature network was cancelled",
               [&] { inception->compute(three, 1, recorder); });
  EXPECT_EQ(recorder.last_done, 1);
}

TEST_F(InceptionFeaturesTest, DependOnTheImageAloneOnAGpu) {
  CHECKERLAB_NEEDS_CUDA_DEVICE();
  const auto inception = network(1, select_device("cuda"));
  const NetworkFeatures together = inception->compute(three, 3, observer);
  EXPECT_LT(largest_difference(together.pool, golden.at("pool3").slice(0, 0, 3)), 1e-4);
  EXPECT_LT(largest_difference(together.spatial, golden.at("spatial").slice(0, 0, 3)), 1e-4);
  EXPECT_LT(largest_difference(together.logits, golden.at("logits_nobias").slice(0, 0, 3)), 3e-4);
  const at::Tensor many = three.repeat({7, 1, 1, 1});
  const NetworkFeatures repeated = inception->compute(many, 4, observer);
  for (std::int64_t i = 0; i < many.size(0); ++i)
    EXPECT_LT(largest_difference(repeated.pool[i], together.pool[i % 3]), 1e-4) << i;
  expect_close(inception->compute(many.cuda(), 4, observer), repeated);
  expect_close(turned(inception->compute(three.flip({0}), 8, observer)), together);
}

TEST_F(InceptionFeaturesTest, ComeCloseInTheFastModesOnAGpu) {
  CHECKERLAB_NEEDS_CUDA_DEVICE();
  for (const auto precision : {FeaturePrecision::tf32, FeaturePrecision::fp16}) {
    const NetworkFeatures fast = network(1, select_device("cuda"), precision)->compute(three, 2, observer);
    EXPECT_LT(largest_difference(fast.pool, golden.at("pool3").slice(0, 0, 3)), 0.05) << to_string(precision);
  }
}

}  // namespace
}  // namespace checkerlab::model
