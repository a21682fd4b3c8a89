// Statistics, Fréchet distance and inception score against golden values.
#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/evaluation/frechet.hpp"
#include "libmodel/evaluation/inception_score.hpp"
#include "libmodel/evaluation/sufficient_statistics.hpp"

namespace checkerlab::model {
namespace {

class StatisticsGolden : public testing::Test {
 protected:
  static std::filesystem::path file(const char* name) {
    return std::filesystem::path(CHECKERLAB_TEST_DATA) / "golden_statistics" / name;
  }
  StatisticsGolden()
      : features_(read_safetensors(file("features.safetensors"))),
        expected_(read_safetensors(file("expected.safetensors"))) {
    std::ifstream stream(file("expected.json"));
    scores_ = nlohmann::json::parse(stream);
  }

  const at::Tensor& features(const std::string& name) const { return features_.tensors.at(name); }
  const at::Tensor& expected(const std::string& name) const { return expected_.tensors.at(name); }
  Moments moments_of(const std::string& name) const { return moments(accumulate(features(name))); }

  // The shards of A, in order.
  std::vector<StatisticsShard> shards() const {
    std::vector<StatisticsShard> result;
    std::int64_t begin = 0;
    for (const auto& size : scores_.at("shards").at("sizes")) {
      const auto end = begin + size.get<std::int64_t>();
      result.push_back({begin, end, accumulate(features("A").slice(0, begin, end))});
      begin = end;
    }
    return result;
  }

  TensorFile features_, expected_;
  nlohmann::json scores_;
};

void expect_close(const at::Tensor& actual, const at::Tensor& wanted, double relative) {
  const double largest = wanted.abs().max().item<double>();
  EXPECT_LE((actual - wanted).abs().max().item<double>(), relative * largest);
}

TEST_F(StatisticsGolden, MomentsAreExact) {
  const auto a = moments_of("A");
  expect_close(a.mean, expected("mu/A"), 1e-12);
  expect_close(a.covariance, expected("sigma/A"), 1e-12);
  const auto offset = moments_of("offset_A");
  expect_close(offset.mean, expected("mu/offset_A"), 1e-12);
  expect_close(offset.covariance, expected("sigma/offset_A"), 1e-7);
}

TEST_F(StatisticsGolden, ShardsAreExact) {
  const auto parts = shards();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto name = "shard/" + std::to_string(i);
    EXPECT_TRUE(torch::equal(parts[i].statistics.sum, expected(name + "/sum")));
    EXPECT_TRUE(torch::equal(parts[i].statistics.outer, expected(name + "/outer")));
  }
}

TEST_F(StatisticsGolden, MergesBitForBitInAnyOrderAndOnce) {
  auto parts = shards();
  parts.push_back(parts[2]);
  std::mt19937 random(1);
  for (int round = 0; round < 5; ++round) {
    std::shuffle(parts.begin(), parts.end(), random);
    const auto total = merge_shards(parts);
    EXPECT_EQ(total.n, 600);
    EXPECT_TRUE(torch::equal(total.sum, expected("shard/total/sum")));
    EXPECT_TRUE(torch::equal(total.outer, expected("shard/total/outer")));
  }
}

TEST_F(StatisticsGolden, FrechetDistancesAgree) {
  for (const auto& [name, pair] : scores_.at("fid_pairs").items()) {
    const double wanted = scores_.at("fid").at(name).get<double>();
    const double value = frechet_distance(moments_of(pair.at(0)), moments_of(pair.at(1)));
    const double tolerance = name == "offset" ? 1e-8 : 1e-9;
    EXPECT_NEAR(value, wanted, tolerance * std::max(1.0, wanted)) << name;
  }
}

TEST_F(StatisticsGolden, EqualFeaturesHaveNoDistance) {
  for (const auto* name : {"A", "C", "D"})
    EXPECT_NEAR(frechet_distance(moments_of(name), moments_of(name)), 0, 1e-6);
}

TEST_F(StatisticsGolden, InceptionScoresAgree) {
  for (const auto& [name, wanted] : scores_.at("inception_score").items()) {
    const auto logits = features(wanted.at("logits")).slice(0, 0, wanted.at("n").get<std::int64_t>());
    const auto score = inception_score(torch::log_softmax(logits, 1), wanted.at("block").get<std::int64_t>());
    EXPECT_EQ(score.blocks, wanted.at("blocks").get<std::vector<std::int64_t>>()) << name;
    EXPECT_NEAR(score.value, wanted.at("value").get<double>(), 1e-6 * score.value) << name;
    for (std::size_t i = 0; i < score.per_block.size(); ++i) {
      EXPECT_NEAR(score.per_block[i], wanted.at("per_block").at(i).get<double>(), 1e-6 * score.value) << name;
    }
  }
}

}  // namespace
}  // namespace checkerlab::model
