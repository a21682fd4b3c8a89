#include "libmodel/evaluation/metric_network.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "libmodel/data/shapes.hpp"
#include "libmodel/evaluation/features.hpp"
#include "libmodel/evaluation/metric_training.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/testing/recording_observer.hpp"

namespace checkerlab::model {
namespace {

const MetricNetworkConfig kConfig{.channels = {8, 16}, .feature_width = 12, .classes = 2};

class MetricNetworkTest : public testing::Test {
 protected:
  MetricNetworkTest() {
    NullObserver observer;
    dataset_ = generate_shapes({.classes = 2, .images_train = 256, .images_test = 64, .size = 12, .seed = 1}, observer);
    invert_second_class(dataset_.train_images, dataset_.train_labels);
    invert_second_class(dataset_.test_images, dataset_.test_labels);
  }
  // Makes the classes so different that a few steps suffice.
  static void invert_second_class(torch::Tensor& images, const torch::Tensor& labels) {
    images = torch::where(labels.eq(1).reshape({-1, 1, 1, 1}), 255 - images, images);
  }
  MetricReport train(MetricNetwork& network, std::int64_t steps, Observer& observer,
                     const std::optional<std::filesystem::path>& resume = std::nullopt) {
    return train_metric_network(network, dataset_, {.steps = steps, .batch = 32, .lr = 3e-3, .seed = 2}, torch::kCPU,
                                observer, resume);
  }
  Dataset dataset_;
  NullObserver quiet_;
};

TEST_F(MetricNetworkTest, LearnsTheClasses) {
  MetricNetwork network(kConfig);
  RecordingObserver observer;
  const auto report = train(network, 80, observer);
  EXPECT_GT(report.test_accuracy, 0.95);
  EXPECT_LT(report.final_loss, 0.5);
  EXPECT_EQ(observer.last_done, 80);
}

TEST_F(MetricNetworkTest, FeaturesDependOnTheImageAlone) {
  MetricNetwork network(kConfig);
  train(network, 10, quiet_);
  const auto all = compute_features(network, dataset_.test_images, 64, torch::kCPU, quiet_);
  const auto few = compute_features(network, dataset_.test_images, 7, torch::kCPU, quiet_);
  EXPECT_EQ(all.features.sizes(), (at::IntArrayRef{64, 12}));
  EXPECT_EQ(all.log_probabilities.sizes(), (at::IntArrayRef{64, 2}));
  EXPECT_LT((all.features - few.features).abs().max().item<float>(), 1e-4F);
  EXPECT_LT((all.log_probabilities - few.log_probabilities).abs().max().item<float>(), 1e-4F);
  EXPECT_TRUE(torch::allclose(all.log_probabilities.exp().sum(1), torch::ones({64})));
  EXPECT_FALSE(network->is_training());
}

TEST_F(MetricNetworkTest, TrainingIsRepeatableAndResumes) {
  const TemporaryFolder folder;
  const auto checkpoint = folder.path() / "c.safetensors";
  MetricNetwork straight(kConfig), stopped(kConfig), resumed(kConfig);
  const auto expected = train(straight, 24, quiet_);
  RecordingObserver observer;
  observer.checkpoint_at = 11;
  observer.checkpoint_file = checkpoint;
  observer.cancel_at = 12;
  expect_error(ErrorCode::cancelled, "", [&] { train(stopped, 24, observer); });
  const auto actual = train(resumed, 24, quiet_, checkpoint);
  EXPECT_EQ(actual.final_loss, expected.final_loss);
  const auto weights = straight->named_parameters();
  for (const auto& parameter : resumed->named_parameters())
    EXPECT_TRUE(torch::equal(parameter.value(), weights[parameter.key()]));
}

TEST_F(MetricNetworkTest, GoesThroughAFile) {
  const TemporaryFolder folder;
  MetricNetwork network(kConfig);
  train(network, 2, quiet_);
  write_metric_network(folder.path() / "n.safetensors", network);
  auto again = read_metric_network(folder.path() / "n.safetensors");
  EXPECT_EQ(again->config(), kConfig);
  const auto a = compute_features(network, dataset_.test_images, 64, torch::kCPU, quiet_);
  const auto b = compute_features(again, dataset_.test_images, 64, torch::kCPU, quiet_);
  EXPECT_TRUE(torch::equal(a.features, b.features));
}

TEST_F(MetricNetworkTest, RefusesWhatCannotBe) {
  expect_error(ErrorCode::invalid_argument, "multiple of 8",
               [] { MetricNetwork(MetricNetworkConfig{.channels = {12}, .feature_width = 4, .classes = 2}); });
  expect_error(ErrorCode::invalid_argument, "two classes",
               [] { MetricNetwork(MetricNetworkConfig{.channels = {8}, .feature_width = 4, .classes = 1}); });
  expect_error(ErrorCode::invalid_argument, "cannot be read", [] {
    metric_network_config_from_json({{"channels", 3}});
  });
  MetricNetwork deep(MetricNetworkConfig{.channels = {8, 8, 8, 8, 8}, .feature_width = 4, .classes = 2});
  expect_error(ErrorCode::invalid_argument, "too small", [&] { train(deep, 1, quiet_); });
  MetricNetwork network(kConfig);
  expect_error(ErrorCode::invalid_argument, "learning rate", [&] {
    train_metric_network(network, dataset_, {.steps = 1, .batch = 1, .lr = 0, .seed = 0}, torch::kCPU, quiet_,
                         std::nullopt);
  });
}

}  // namespace
}  // namespace checkerlab::model
