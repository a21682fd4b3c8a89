// Every metric against golden values.
#include "libmodel/evaluation/metrics/testing/golden_scores.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <random>

#include "libmodel/evaluation/metrics/frechet_score.hpp"
#include "libmodel/evaluation/metrics/inception_blocks.hpp"
#include "libmodel/evaluation/metrics/kernel_sums.hpp"
#include "libmodel/evaluation/metrics/pair_scores.hpp"
#include "libmodel/testing/needs_cuda.hpp"

namespace checkerlab::model {
namespace {

class MetricsGolden : public testing::Test {
 protected:
  RowSet rows(const std::string& name, c10::Device device = at::kCPU, std::int64_t blocks = 1) const {
    const auto& features = golden_.features(name);
    return {features, equal_blocks(features.size(0), blocks), device};
  }

  void expect_distances(c10::Device device) const {
    for (const auto& [name, pair] : golden_.scores.at("fid_pairs").items()) {
      const auto samples = GoldenScores::summary(golden_.features(pair.at(0)), 10);
      FrechetTarget reference(GoldenScores::summary(golden_.features(pair.at(1))), device);
      const double wanted = golden_.scores.at("fid").at(name).at("value").get<double>();
      EXPECT_NEAR(reference.distance(samples, samples.all()), wanted, 1e-9 * std::max(1.0, wanted)) << name;
    }
  }

  void expect_flags(c10::Device device) const {
    for (const auto& [name, wanted] : golden_.scores.at("precision_recall").items()) {
      const auto scores = pair_scores(rows(wanted.at("sample"), device, 10), rows(wanted.at("ref"), device),
                                      {.precision_recall = true, .neighbours = wanted.at("k")}, observer_);
      auto folder = "pr/" + name + "/";
      std::replace(folder.begin(), folder.end(), ' ', '_');
      EXPECT_EQ(scores.precision->value, wanted.at("precision").get<double>()) << name;
      EXPECT_EQ(scores.recall->value, wanted.at("recall").get<double>()) << name;
      EXPECT_TRUE(torch::equal(scores.sample_radii, golden_.expected(folder + "sample_radius2"))) << name;
      EXPECT_TRUE(torch::equal(scores.reference_radii, golden_.expected(folder + "ref_radius2"))) << name;
      EXPECT_TRUE(torch::equal(scores.sample_inside, golden_.expected(folder + "sample_inside").to(torch::kBool)));
      EXPECT_TRUE(torch::equal(scores.reference_inside, golden_.expected(folder + "ref_inside").to(torch::kBool)));
    }
  }

  double kid(const char* samples, const char* reference, c10::Device device = at::kCPU) const {
    return pair_scores(rows(samples, device, 10), rows(reference, device), {.kernel_distance = true}, observer_)
        .kid->value;
  }

  GoldenScores golden_;
  mutable NullObserver observer_;
};

TEST_F(MetricsGolden, FrechetDistancesAgree) {
  expect_distances(at::kCPU);
}

// As when a file gives mean and covariance alone.
TEST_F(MetricsGolden, FrechetDistancesToMomentsAgree) {
  for (const auto& [name, pair] : golden_.scores.at("fid_pairs").items()) {
    const auto samples = GoldenScores::summary(golden_.features(pair.at(0)));
    FrechetTarget reference(moments(accumulate(golden_.features(pair.at(1)))), at::kCPU);
    const double wanted = golden_.scores.at("fid").at(name).at("value").get<double>();
    EXPECT_NEAR(reference.distance(samples, samples.all()), wanted, 1e-8 * std::max(1.0, wanted)) << name;
  }
}

TEST_F(MetricsGolden, EqualFeaturesHaveNoDistance) {
  for (const auto* name : {"A", "C", "D"}) {
    const auto samples = GoldenScores::summary(golden_.features(name));
    FrechetTarget rows(samples, at::kCPU), numbers(samples.moments_of(samples.all()), at::kCPU);
    EXPECT_NEAR(rows.distance(samples, samples.all()), 0, 1e-9) << name;
    EXPECT_NEAR(numbers.distance(samples, samples.all()), 0, 1e-6) << name;
  }
}

TEST_F(MetricsGolden, ShardsGiveTheSameBitsInAnyOrderAndOnce) {
  struct Shard {
    std::int64_t begin, end;
  };
  std::vector<Shard> shards;
  for (const auto size : golden_.shard_sizes)
    shards.push_back({shards.empty() ? 0 : shards.back().end, (shards.empty() ? 0 : shards.back().end) + size});
  shards.push_back(shards[2]);
  const auto& a = golden_.features("A");
  std::mt19937 random(1);
  for (int round = 0; round < 4; ++round) {
    std::shuffle(shards.begin(), shards.end(), random);
    FeatureCollector collector(600, 10, {.pool = true, .rows = true}, "the samples", at::kCPU);
    for (const auto& shard : shards)
      collector.add(shard.begin, {.pool = a.slice(0, shard.begin, shard.end), .spatial = {}, .logits = {}});
    const auto collected = collector.finish();
    EXPECT_TRUE(torch::equal(collected.rows, a));
    const auto found = collected.pool->moments_of(collected.pool->all());
    const auto wanted = moments({600, golden_.sums("shard/total/sum"), golden_.sums("shard/total/outer")});
    EXPECT_TRUE(torch::equal(found.mean, wanted.mean));
    EXPECT_TRUE(torch::equal(found.covariance, wanted.covariance));
  }
}

TEST_F(MetricsGolden, InceptionScoresAgree) {
  for (const auto& [name, wanted] : golden_.scores.at("inception_score").items()) {
    const auto logits = golden_.features(wanted.at("logits")).slice(0, 0, wanted.at("n").get<std::int64_t>());
    for (const auto& given : {logits, torch::log_softmax(logits, 1)}) {
      const auto found = inception_blocks(given, wanted.at("block"), jackknife_blocks(logits.size(0)), at::kCPU);
      const double value = wanted.at("value");
      EXPECT_EQ(found.sizes, wanted.at("blocks").get<std::vector<std::int64_t>>()) << name;
      EXPECT_NEAR(found.score.value, value, 1e-6 * value) << name;
      for (std::size_t i = 0; i < found.per_block.size(); ++i)
        EXPECT_NEAR(found.per_block[i], wanted.at("per_block").at(i).get<double>(), 1e-6 * value) << name;
    }
  }
}

TEST_F(MetricsGolden, EveryRadiusAndFlagAgrees) {
  expect_flags(at::kCPU);
}

TEST_F(MetricsGolden, DensityAndCoverageAgree) {
  for (const int k : {3, 5}) {
    const auto& wanted = golden_.scores.at("density_coverage").at("A against B, k=" + std::to_string(k));
    const auto scores =
        pair_scores(rows("A", at::kCPU, 10), rows("B"), {.density_coverage = true, .neighbours = k}, observer_);
    EXPECT_NEAR(scores.density->value, wanted.at("density").get<double>(), 1e-12);
    EXPECT_EQ(scores.coverage->value, wanted.at("coverage").get<double>());
  }
}

TEST_F(MetricsGolden, KernelDistancesAgree) {
  const auto& wanted = golden_.scores.at("kid");
  const auto expect = [](double found, double value) { EXPECT_NEAR(found, value, 1e-9 * std::abs(value)); };
  expect(kid("A", "B"), wanted.at("full_unbiased_A_B"));
  expect(kid("A", "A"), wanted.at("full_unbiased_A_A"));
  expect(kid("spatial_A", "spatial_B"), wanted.at("full_unbiased_spatial"));
  const auto subsets = kernel_distances_of_subsets(golden_.features("A"), golden_.features("B"),
                                                   golden_.expected("kid_subset_A"), golden_.expected("kid_subset_B"));
  expect(subsets.mean, wanted.at("mean"));
  expect(subsets.deviation, wanted.at("std_ddof0"));
  for (std::size_t i = 0; i < subsets.per_subset.size(); ++i)
    expect(subsets.per_subset[i], wanted.at("per_subset").at(i));
}

TEST_F(MetricsGolden, AgreesOnCuda) {
  CHECKERLAB_NEEDS_CUDA_DEVICE();
  expect_distances(at::kCUDA);
  expect_flags(at::kCUDA);
  const double wanted = golden_.scores.at("kid").at("full_unbiased_A_B");
  EXPECT_NEAR(kid("A", "B", at::kCUDA), wanted, 1e-9 * wanted);
  const auto& score = golden_.scores.at("inception_score").at("ragged last block");
  const auto found = inception_blocks(golden_.features("logits"), score.at("block"), jackknife_blocks(603), at::kCUDA);
  EXPECT_NEAR(found.score.value, score.at("value").get<double>(), 1e-6 * found.score.value);
}

}  // namespace
}  // namespace checkerlab::model
