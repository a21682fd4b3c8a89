// One whole run of the published evaluation: features of a small sample file against a reference file of the published
// layout, whose statistics are of full size.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/evaluation/metrics/reference_source.hpp"

namespace checkerlab::model {
namespace {

const std::filesystem::path kGolden = std::filesystem::path(CHECKERLAB_TEST_DATA) / "golden_metrics/npz";

CollectedFeatures collected(const NetworkFeatures& features, CollectorNeeds needs) {
  FeatureCollector collector(features.pool.size(0), 1, needs, "the features", at::kCPU);
  collector.add(0, features);
  return collector.finish();
}

TEST(WholeRunGolden, AgreesWithTheReleasedEvaluator) {
  NullObserver observer;
  const auto features = read_safetensors(kGolden / "features.safetensors");
  std::ifstream stream(kGolden / "expected.json");
  const auto wanted = nlohmann::json::parse(stream).at("expected");
  auto file = read_reference(kGolden / "reference.npz", observer);
  MetricReference reference;
  reference.pool = std::make_unique<FrechetTarget>(*file.pool, at::kCPU);
  reference.spatial = std::make_unique<FrechetTarget>(*file.spatial, at::kCPU);
  reference.rows = features.tensors.at("reference/pool3");

  MetricSettings settings{.metrics = {Metric::fid, Metric::sfid, Metric::is, Metric::pr, Metric::kid}};
  const NetworkFeatures samples{.pool = features.tensors.at("samples/pool3"),
                                .spatial = features.tensors.at("samples/spatial"),
                                .logits = features.tensors.at("samples/logits_nobias")};
  const auto values = evaluate(collected(samples, sample_needs(settings.metrics)), reference, settings, observer);
  std::map<std::string, double> found;
  for (const auto& [name, score] : values.scores) {
    found[name] = score.value;
    EXPECT_FALSE(score.uncertainty) << name;
  }
  EXPECT_NEAR(found.at("fid"), wanted.at("fid").get<double>(), 1e-6);
  EXPECT_NEAR(found.at("sfid"), wanted.at("sfid").get<double>(), 1e-6);
  EXPECT_NEAR(found.at("inception_score"), wanted.at("inception_score").get<double>(), 1e-5);
  EXPECT_EQ(found.at("precision"), wanted.at("precision").get<double>());
  EXPECT_EQ(found.at("recall"), wanted.at("recall").get<double>());
  EXPECT_NEAR(found.at("kid"), wanted.at("kid_unbiased_against_arr_0").get<double>(), 1e-5);

  settings = {.metrics = {Metric::is}, .is_block = 6};
  const auto blocks = evaluate(collected(samples, {.logits = true}), reference, settings, observer);
  EXPECT_EQ(blocks.is_blocks, (std::vector<std::int64_t>{6, 6, 4}));
  EXPECT_NEAR(blocks.scores.front().second.value, wanted.at("inception_score_blocks_of_6").get<double>(), 1e-5);
}

}  // namespace
}  // namespace checkerlab::model
