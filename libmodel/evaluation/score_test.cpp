#include "libmodel/evaluation/score.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "base/files.hpp"
#include "libmodel/evaluation/frechet.hpp"
#include "libmodel/evaluation/inception_score.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/random/draws.hpp"

namespace checkerlab::model {
namespace {

torch::Tensor normal(std::uint64_t stream, at::IntArrayRef shape) {
  return normal_tensor(3, RandomDomain::evaluation, stream, shape);
}

EvaluationShard shard(const torch::Tensor& features, const torch::Tensor& log_probabilities, std::int64_t begin,
                      std::int64_t end) {
  const auto part = features.slice(0, begin, end).clone();
  return {begin, end, accumulate(part), part, log_probabilities.slice(0, begin, end).clone()};
}

class ScoreTest : public testing::Test {
 protected:
  torch::Tensor features_ = normal(1, {200, 6});
  torch::Tensor log_probabilities_ = torch::log_softmax(normal(2, {200, 5}) * 2, 1);
  SufficientStatistics reference_ = accumulate(normal(9, {300, 6}) + 0.3);

  SampleSet joined(const std::vector<std::int64_t>& ends) const {
    std::vector<EvaluationShard> shards;
    std::int64_t begin = 0;
    for (const auto end : ends) {
      shards.push_back(shard(features_, log_probabilities_, begin, end));
      begin = end;
    }
    std::reverse(shards.begin(), shards.end());
    return join_shards(shards, 200);
  }
};

TEST_F(ScoreTest, JoinsShardsInIndexOrder) {
  const auto set = joined({60, 61, 200});
  EXPECT_TRUE(torch::equal(set.features, features_));
  EXPECT_TRUE(torch::equal(set.log_probabilities, log_probabilities_));
  EXPECT_EQ(set.statistics.n, 200);
}

TEST_F(ScoreTest, DoesNotDependOnTheShards) {
  const auto one = joined({200});
  const auto many = joined({50, 100, 150, 200});
  EXPECT_NEAR(score_fid(one, reference_).value, score_fid(many, reference_).value, 1e-10);
  EXPECT_EQ(score_fid(one, reference_).uncertainty > 0, true);
  EXPECT_EQ(score_inception(one).value, score_inception(many).value);
}

TEST_F(ScoreTest, CountsARangeOnceAndRefusesOverlaps) {
  const auto first = shard(features_, log_probabilities_, 0, 100);
  const auto second = shard(features_, log_probabilities_, 100, 200);
  EXPECT_EQ(join_shards({second, first, second}, 200).features.size(0), 200);
  const auto overlap = shard(features_, log_probabilities_, 50, 150);
  expect_error(ErrorCode::invalid_argument, "overlap", [&] { join_shards({first, overlap, second}, 200); });
  expect_error(ErrorCode::invalid_argument, "gap", [&] {
    join_shards({first, shard(features_, log_probabilities_, 120, 200)}, 200);
  });
  expect_error(ErrorCode::invalid_argument, "instead of 0 ... 299", [&] { join_shards({first, second}, 300); });
  expect_error(ErrorCode::invalid_argument, "no shards", [&] { join_shards({}, 200); });
}

TEST_F(ScoreTest, JackknifeMatchesItsDefinition) {
  const auto set = joined({200});
  const auto target = moments(reference_);
  std::vector<double> values;
  double mean = 0;
  for (std::int64_t b = 0; b < 10; ++b) {
    const auto kept = torch::cat({features_.slice(0, 0, b * 20), features_.slice(0, (b + 1) * 20, 200)});
    values.push_back(frechet_distance(moments(accumulate(kept)), target));
    mean += values.back() / 10;
  }
  double squares = 0;
  for (const double value : values)
    squares += (value - mean) * (value - mean);
  EXPECT_NEAR(score_fid(set, reference_).uncertainty, std::sqrt(0.9 * squares), 1e-9);
}

// The standard error must say how much the score varies between sets drawn anew.
TEST_F(ScoreTest, UncertaintyIsOfTheRightSize) {
  std::vector<double> values;
  double mean = 0, claimed = 0;
  const int repeats = 60;
  for (int i = 0; i < repeats; ++i) {
    const auto features = normal(static_cast<std::uint64_t>(100 + i), {200, 6});
    const auto estimate = score_fid({accumulate(features), features, {}}, reference_);
    values.push_back(estimate.value);
    mean += estimate.value / repeats;
    claimed += estimate.uncertainty / repeats;
  }
  double squares = 0;
  for (const double value : values)
    squares += (value - mean) * (value - mean) / (repeats - 1);
  EXPECT_GT(claimed, 0.6 * std::sqrt(squares));
  EXPECT_LT(claimed, 1.6 * std::sqrt(squares));
}

TEST_F(ScoreTest, RefusesTooFewSamples) {
  const SampleSet few{accumulate(features_.slice(0, 0, 19)), features_.slice(0, 0, 19),
                      log_probabilities_.slice(0, 0, 19)};
  expect_error(ErrorCode::invalid_argument, "N too small", [&] { score_fid(few, reference_); });
  expect_error(ErrorCode::invalid_argument, "N too small", [&] { score_inception(few); });
}

TEST_F(ScoreTest, ShardsGoThroughFiles) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "s.safetensors";
  const auto part = shard(features_, log_probabilities_, 40, 90);
  write_shard(path, part);
  const auto again = read_shard(path);
  EXPECT_EQ(again.begin, 40);
  EXPECT_EQ(again.end, 90);
  EXPECT_EQ(again.statistics.n, 50);
  EXPECT_TRUE(torch::equal(again.statistics.outer, part.statistics.outer));
  EXPECT_TRUE(torch::equal(again.features, part.features));
  EXPECT_TRUE(torch::equal(again.log_probabilities, part.log_probabilities));
  auto broken = part;
  broken.end = 91;
  expect_error(ErrorCode::invalid_data, "does not hold together", [&] { write_shard(path, broken); });
}

TEST_F(ScoreTest, StatisticsGoThroughFiles) {
  const TemporaryFolder folder;
  write_statistics(folder.path() / "r.safetensors", reference_);
  const auto again = read_statistics(folder.path() / "r.safetensors");
  EXPECT_EQ(again.n, 300);
  EXPECT_TRUE(torch::equal(again.sum, reference_.sum));
  EXPECT_TRUE(torch::equal(again.outer, reference_.outer));
}

TEST_F(ScoreTest, RefusesNumbersThatAreNone) {
  auto broken = moments(reference_);
  broken.mean = broken.mean * std::nan("");
  expect_error(ErrorCode::not_finite, "not finite", [&] { frechet_distance(broken, moments(reference_)); });
  expect_error(ErrorCode::not_finite, "NaN", [&] { inception_score(torch::full({3, 2}, std::nan(""))); });
  expect_error(ErrorCode::invalid_argument, "one width", [&] {
    frechet_distance(moments(accumulate(normal(4, {9, 5}))), moments(reference_));
  });
  expect_error(ErrorCode::invalid_argument, "two samples", [&] { moments(accumulate(normal(4, {1, 5}))); });
}

}  // namespace
}  // namespace checkerlab::model
