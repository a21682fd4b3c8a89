// Every value and uncertainty against its definition, computed plainly.
#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>

#include "libmodel/evaluation/frechet.hpp"
#include "libmodel/evaluation/inception_score.hpp"
#include "libmodel/evaluation/metrics/evaluate.hpp"
#include "libmodel/evaluation/metrics/frechet_score.hpp"
#include "libmodel/evaluation/metrics/inception_blocks.hpp"
#include "libmodel/evaluation/metrics/pair_scores.hpp"
#include "libmodel/evaluation/metrics/testing/golden_scores.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/random/draws.hpp"

namespace checkerlab::model {
namespace {

at::Tensor normal(std::uint64_t stream, at::IntArrayRef shape) {
  return normal_tensor(3, RandomDomain::evaluation, stream, shape);
}

using PlainMetric = std::function<double(const at::Tensor&)>;

double plain_error(const at::Tensor& rows, const PlainMetric& metric) {
  const auto n = rows.size(0);
  std::vector<double> without;
  for (const auto& block : equal_blocks(n, 10))
    without.push_back(metric(at::cat({rows.slice(0, 0, block.begin), rows.slice(0, block.end, n)})));
  double mean = 0, squares = 0;
  for (const double value : without)
    mean += value / 10;
  for (const double value : without)
    squares += (value - mean) * (value - mean);
  return std::sqrt(0.9 * squares);
}

// Squared radii by sorting all distances; the smallest is the row itself.
at::Tensor plain_radii(const at::Tensor& rows, std::int64_t k) {
  return std::get<0>((rows.unsqueeze(0) - rows.unsqueeze(1)).square().sum(2).sort(1)).select(1, k);
}

struct Plain {
  double precision = 0, recall = 0, density = 0, coverage = 0, kid = 0;
};

at::Tensor plain_kernel(const at::Tensor& x, const at::Tensor& y) {
  return (x.matmul(y.t()) / static_cast<double>(x.size(1)) + 1).pow(3);
}

Plain plain_scores(const at::Tensor& x, const at::Tensor& y, std::int64_t k) {
  const auto mean = [](const at::Tensor& flags) { return flags.to(at::kDouble).mean().item<double>(); };
  const auto d = (x.unsqueeze(1) - y.unsqueeze(0)).square().sum(2);
  const auto in_reference = plain_radii(y, k).unsqueeze(0), in_samples = plain_radii(x, k).unsqueeze(1);
  const auto within = [](const at::Tensor& set) {
    const auto kernel = plain_kernel(set, set);
    const auto n = static_cast<double>(set.size(0));
    return (kernel.sum() - kernel.trace()).item<double>() / (n * (n - 1));
  };
  return {.precision = mean((d <= in_reference).any(1)),
          .recall = mean((d <= in_samples).any(0)),
          .density = mean(d < in_reference) * static_cast<double>(y.size(0)) / static_cast<double>(k),
          .coverage = mean((d < in_reference).any(0)),
          .kid = within(x) + within(y) - 2 * plain_kernel(x, y).mean().item<double>()};
}

class JackknifeTest : public testing::Test {
 protected:
  at::Tensor x_ = normal(1, {137, 4}).to(at::kDouble), y_ = normal(2, {80, 4}).to(at::kDouble) + 0.4;
  NullObserver observer_;
};

TEST_F(JackknifeTest, ComparisonsOfRows) {
  const RowSet samples(x_, jackknife_blocks(137), at::kCPU), reference(y_, {{0, 80}}, at::kCPU);
  const auto found = pair_scores(samples, reference, {true, true, true, 3}, observer_);
  const auto expect = [&](const std::optional<Score>& score, double Plain::*field) {
    EXPECT_NEAR(score->value, plain_scores(x_, y_, 3).*field, 1e-12);
    const double wanted = plain_error(x_, [&](const at::Tensor& rows) { return plain_scores(rows, y_, 3).*field; });
    EXPECT_GT(wanted, 0);
    EXPECT_NEAR(*score->uncertainty, wanted, 1e-12);
  };
  expect(found.precision, &Plain::precision);
  expect(found.recall, &Plain::recall);
  expect(found.density, &Plain::density);
  expect(found.coverage, &Plain::coverage);
  expect(found.kid, &Plain::kid);
}

TEST_F(JackknifeTest, FrechetDistances) {
  const auto target = moments(accumulate(y_));
  FrechetTarget reference(target, at::kCPU);
  const auto found = frechet_score(reference, GoldenScores::summary(x_, 10), observer_);
  const auto plain = [&](const at::Tensor& rows) { return frechet_distance(moments(accumulate(rows)), target); };
  EXPECT_NEAR(found.value, plain(x_), 1e-11);
  EXPECT_NEAR(*found.uncertainty, plain_error(x_, plain), 1e-11);
}

// Fewer rows than columns are kept as rows.
TEST_F(JackknifeTest, FrechetDistancesOfFewRows) {
  const auto few = normal(5, {30, 40}), other = normal(6, {90, 40}) * 1.3;
  const auto target = moments(accumulate(other));
  const auto summary = GoldenScores::summary(few, 10);
  EXPECT_TRUE(summary.has_rows());
  FrechetTarget reference(target, at::kCPU);
  const auto found = frechet_score(reference, summary, observer_);
  const auto plain = [&](const at::Tensor& rows) { return frechet_distance(moments(accumulate(rows)), target); };
  EXPECT_NEAR(found.value, plain(few), 1e-8 * found.value);
  EXPECT_NEAR(*found.uncertainty, plain_error(few, plain), 1e-8);
}

TEST_F(JackknifeTest, InceptionScores) {
  const auto logits = normal(7, {203, 6}) * 2;
  for (const std::int64_t block : {1, 20, 50, 64, 500}) {
    const auto found = inception_blocks(logits, block, jackknife_blocks(203), at::kCPU);
    const auto plain = [&](const at::Tensor& rows) {
      return inception_score(torch::log_softmax(rows.to(at::kDouble), 1), block).value;
    };
    EXPECT_NEAR(found.score.value, plain(logits), 1e-12);
    EXPECT_NEAR(*found.score.uncertainty, plain_error(logits, plain), 1e-12);
  }
}

TEST_F(JackknifeTest, DeviationOfInceptionBlocks) {
  const auto found = inception_blocks(normal(7, {40, 6}), 20, jackknife_blocks(40), at::kCPU);
  ASSERT_EQ(found.per_block.size(), 2U);
  EXPECT_NEAR(found.deviation.value, std::abs(found.per_block[0] - found.per_block[1]) / 2, 1e-14);
}

TEST_F(JackknifeTest, InterceptOfALine) {
  const std::vector<double> x{1, 2, 3, 4}, line{5, 7, 9, 11}, noisy{5, 7.5, 8.5, 11};
  EXPECT_NEAR(regression_intercept(x, line).value, 3, 1e-12);
  EXPECT_NEAR(*regression_intercept(x, line).uncertainty, 0, 1e-12);
  EXPECT_NEAR(regression_intercept(x, noisy).value, 3.25, 1e-12);
  EXPECT_NEAR(*regression_intercept(x, noisy).uncertainty, std::sqrt(0.3375), 1e-12);
}

// The bias in N is what the regression takes away.
TEST_F(JackknifeTest, InfinitelyManySamplesAreNearerToTheTruth) {
  const auto mean = at::zeros({20}, at::kDouble), covariance = at::eye(20, at::kDouble);
  FrechetTarget truth(Moments{mean, covariance}, at::kCPU);
  const auto samples = GoldenScores::summary(normal(11, {4000, 20}), 10);
  const double plain = truth.distance(samples, samples.all());
  const auto found = frechet_infinity(truth, samples, plain, observer_);
  EXPECT_LT(std::abs(found.value), plain / 3);
  EXPECT_GT(*found.uncertainty, 0);
  EXPECT_LT(*found.uncertainty, plain);
}

TEST_F(JackknifeTest, FewSamplesHaveAValueAndNoUncertainty) {
  const auto few = x_.slice(0, 0, 19);
  FrechetTarget reference(moments(accumulate(y_)), at::kCPU);
  const FeatureSummary summary(few, jackknife_blocks(19));
  EXPECT_FALSE(frechet_score(reference, summary, observer_).uncertainty);
  EXPECT_FALSE(inception_blocks(few, 5, jackknife_blocks(19), at::kCPU).score.uncertainty);
  const RowSet samples(few, jackknife_blocks(19), at::kCPU), others(y_, {{0, 80}}, at::kCPU);
  const auto scores = pair_scores(samples, others, {true, true, true, 3}, observer_);
  EXPECT_NEAR(scores.recall->value, plain_scores(few, y_, 3).recall, 1e-12);
  EXPECT_FALSE(scores.precision->uncertainty || scores.recall->uncertainty || scores.density->uncertainty ||
               scores.coverage->uncertainty || scores.kid->uncertainty);
  expect_error(ErrorCode::invalid_argument, "at least 20",
               [&] { frechet_infinity(reference, summary, {}, observer_); });
}

TEST_F(JackknifeTest, ManyNeighboursLeaveRecallWithoutUncertainty) {
  const RowSet samples(x_.slice(0, 0, 20), jackknife_blocks(20), at::kCPU), others(y_, {{0, 80}}, at::kCPU);
  const auto scores = pair_scores(samples, others, {.precision_recall = true, .neighbours = 19}, observer_);
  EXPECT_NEAR(scores.recall->value, plain_scores(x_.slice(0, 0, 20), y_, 19).recall, 1e-12);
  EXPECT_FALSE(scores.recall->uncertainty);
}

TEST_F(JackknifeTest, RefusesWhatCannotBe) {
  const RowSet samples(x_, jackknife_blocks(137), at::kCPU), reference(y_, {{0, 80}}, at::kCPU);
  const RowSet other(normal(4, {9, 5}), {{0, 9}}, at::kCPU);
  expect_error(ErrorCode::invalid_argument, "neighbour 80 of a row does not exist: the reference has 80 rows",
               [&] { pair_scores(samples, reference, {.precision_recall = true, .neighbours = 80}, observer_); });
  expect_error(ErrorCode::invalid_argument, "4 features and the reference has 5",
               [&] { pair_scores(samples, other, {.kernel_distance = true}, observer_); });
  FrechetTarget target(moments(accumulate(normal(4, {9, 5}))), at::kCPU);
  const auto summary = GoldenScores::summary(x_);
  expect_error(ErrorCode::invalid_argument, "4 features and the reference has 5",
               [&] { target.distance(summary, summary.all()); });
  expect_error(ErrorCode::invalid_argument, "two", [&] {
    const FeatureSummary one(x_.slice(0, 0, 1), {{0, 1}});
    FrechetTarget(one, at::kCPU);
  });
  expect_error(ErrorCode::not_finite, "not a number", [&] {
    inception_blocks(at::full({3, 2}, std::nan("")), 5, {{0, 3}}, at::kCPU);
  });
}

}  // namespace
}  // namespace checkerlab::model
