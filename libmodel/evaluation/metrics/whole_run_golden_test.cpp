// One whole run of the published evaluation: features of a small sample file against a reference file of the published
// layout, whose statistics are of full size.
#include <gtest/gtest.h>
#include <torch/types.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/evaluation/inception/inception_features.hpp"
#include "libmodel/evaluation/inception/testing/formula_weights.hpp"
#include "libmodel/evaluation/metrics/reference_source.hpp"

namespace checkerlab::model {
namespace {

const std::filesystem::path kGolden = std::filesystem::path(CHECKERLAB_TEST_DATA) / "golden_metrics/npz";

CollectedFeatures collected(const NetworkFeatures& features, CollectorNeeds needs) {
  FeatureCollector collector(features.pool.size(0), 1, needs, "the features", at::kCPU);
  collector.add(0, features);
  return collector.finish();
}

class WholeRunGolden : public testing::Test {
 protected:
  WholeRunGolden() {
    std::ifstream stream(kGolden / "expected.json");
    wanted_ = nlohmann::json::parse(stream).at("expected");
  }

  void expect_scores(const MetricValues& values) const {
    std::map<std::string, double> found;
    for (const auto& [name, score] : values.scores) {
      found[name] = score.value;
      EXPECT_FALSE(score.uncertainty) << name;
    }
    EXPECT_NEAR(found.at("fid"), wanted_.at("fid").get<double>(), 1e-3);
    EXPECT_NEAR(found.at("sfid"), wanted_.at("sfid").get<double>(), 1e-3);
    EXPECT_NEAR(found.at("inception_score"), wanted_.at("inception_score").get<double>(), 1e-5);
    EXPECT_EQ(found.at("precision"), wanted_.at("precision").get<double>());
    EXPECT_EQ(found.at("recall"), wanted_.at("recall").get<double>());
    EXPECT_NEAR(found.at("kid"), wanted_.at("kid_unbiased_against_arr_0").get<double>(), 1e-5);
  }

  NullObserver observer_;
  nlohmann::json wanted_;
  const MetricSettings settings_{.metrics = {Metric::fid, Metric::sfid, Metric::is, Metric::pr, Metric::kid}};
};

TEST_F(WholeRunGolden, FromGivenFeatures) {
  const auto features = read_safetensors(kGolden / "features.safetensors");
  auto file = read_reference(kGolden / "reference.npz", observer_);
  MetricReference reference;
  reference.pool = std::make_unique<FrechetTarget>(*file.pool, at::kCPU);
  reference.spatial = std::make_unique<FrechetTarget>(*file.spatial, at::kCPU);
  reference.rows = features.tensors.at("reference/pool3");
  const NetworkFeatures samples{.pool = features.tensors.at("samples/pool3"),
                                .spatial = features.tensors.at("samples/spatial"),
                                .logits = features.tensors.at("samples/logits_nobias")};
  expect_scores(evaluate(collected(samples, sample_needs(settings_.metrics)), reference, settings_, observer_));

  const MetricSettings in_sixes{.metrics = {Metric::is}, .is_block = 6};
  const auto blocks = evaluate(collected(samples, {.logits = true}), reference, in_sixes, observer_);
  EXPECT_EQ(blocks.is_blocks, (std::vector<std::int64_t>{6, 6, 4}));
  EXPECT_NEAR(blocks.scores.front().second.value, wanted_.at("inception_score_blocks_of_6").get<double>(), 1e-5);
}

TEST_F(WholeRunGolden, FromPixels) {
  const auto network = make_inception_features(formula_weights(1), "", at::kCPU, FeaturePrecision::fp32, false);
  const auto samples =
      image_features(open_image_set(kGolden / "samples_deflate.npz", observer_), *network, {.batch = 8});
  auto file = read_reference(kGolden / "reference.npz", observer_);
  ReferenceSource reference("reference.npz", file.pool, file.spatial, file.count,
                            image_features(std::move(file.images), *network, {.batch = 8}));
  auto features = collect(*samples, sample_needs(settings_.metrics), 16, 10, "the samples", at::kCPU, observer_);
  auto target = reference.collect(settings_.metrics, at::kCPU, observer_);
  expect_scores(evaluate(std::move(features), target, settings_, observer_));
  EXPECT_EQ(reference.count(), 10);
}

}  // namespace
}  // namespace checkerlab::model
