#include "libmodel/evaluation/feature_network.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "base/files.hpp"
#include "base/sha256.hpp"
#include "libmodel/evaluation/features.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/modules/weights.hpp"

namespace checkerlab::model {
namespace {

class MetricFeaturesTest : public testing::Test {
 protected:
  TemporaryFolder folder;
  std::filesystem::path file = folder.path() / "metric.safetensors";
  MetricNetwork network{MetricNetworkConfig{.channels = {8, 16}, .feature_width = 12, .classes = 5}};
  NullObserver observer;

  void SetUp() override {
    initialise_module(*network, 7, RandomDomain::data);
    network->eval();
    write_metric_network(file, network);
  }
};

TEST_F(MetricFeaturesTest, AreThoseOfTheNetwork) {
  const auto opened = open_feature_network(file, c10::kCPU);
  EXPECT_EQ(opened->kind(), "metric-network");
  EXPECT_EQ(opened->sha256(), sha256_file(file));
  EXPECT_EQ(opened->width(), 12);
  EXPECT_EQ(opened->classes(), 5);
  EXPECT_EQ(opened->spatial_width(), 0);
  EXPECT_FALSE(opened->resizes());
  const auto pixels = torch::arange(5 * 8 * 8 * 3).remainder(251).to(torch::kUInt8).view({5, 8, 8, 3});
  const auto features = opened->compute(pixels, 2, observer);
  const auto expected = compute_features(network, pixels, 2, torch::kCPU, observer);
  EXPECT_TRUE(features.pool.equal(expected.features));
  EXPECT_TRUE(torch::log_softmax(features.logits, 1).equal(expected.log_probabilities));
  EXPECT_FALSE(features.spatial.defined());
}

TEST_F(MetricFeaturesTest, RefuseOtherPixelsAndPrecisions) {
  const auto opened = open_feature_network(file, c10::kCPU);
  expect_error(ErrorCode::invalid_argument, "uint8 images", [&] {
    opened->compute(torch::zeros({1, 3, 8, 8}), 1, observer);
  });
  expect_error(ErrorCode::invalid_argument, "computes in fp32 alone",
               [&] { open_feature_network(file, c10::kCPU, FeaturePrecision::tf32); });
}

TEST(FeaturePrecisions, HaveNames) {
  for (const auto precision : {FeaturePrecision::fp32, FeaturePrecision::tf32, FeaturePrecision::fp16})
    EXPECT_EQ(feature_precision_from_string(to_string(precision)), precision);
  expect_error(ErrorCode::invalid_argument, "'bf16'", [] { feature_precision_from_string("bf16"); });
}

}  // namespace
}  // namespace checkerlab::model
