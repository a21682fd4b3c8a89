#include "libmodel/kernels/draw_codes.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "libmodel/random/draws.hpp"
#include "libmodel/testing/needs_cuda.hpp"

namespace checkerlab::model {
namespace {

DrawRequest request() {
  return {.conditional = 3 * normal_tensor(1, RandomDomain::data, 0, {6, 5, 130}),
          .unconditional = 3 * normal_tensor(1, RandomDomain::data, 1, {6, 5, 130}),
          .guidance = 1.5,
          .temperature = 0.8,
          .seed = 4,
          .sample_indices = torch::arange(100, 106, torch::kInt64),
          .token_indices = torch::arange(20, 25, torch::kInt64),
          .statistics = true};
}

TEST(DrawCodes, theReferenceIsTheFormula) {
  const DrawRequest r = request();
  const DrawnCodes drawn = draw_codes(r);
  for (const auto& [i, j] : {std::pair{0, 0}, std::pair{5, 4}, std::pair{3, 1}}) {
    std::vector<double> logits, weights;
    std::int64_t best = 0;
    double best_score = -INFINITY, total = 0, entropy = 0;
    for (int v = 0; v < 130; ++v) {
      const double cond = r.conditional[i][j][v].item<double>(), uncond = r.unconditional[i][j][v].item<double>();
      logits.push_back((cond + 1.5 * (cond - uncond)) / 0.8);
      const auto words = random_words(4, RandomDomain::sampling, static_cast<std::uint64_t>(100 + i),
                                      static_cast<std::uint32_t>(20 + j), static_cast<std::uint32_t>(v / 4));
      const std::uint32_t list[] = {words.x, words.y, words.z, words.w};
      const double score =
          logits.back() - std::log(-std::log1p(-static_cast<double>(exponential_uniform(list[v % 4]))));
      if (score > best_score) best = v;
      best_score = std::max(best_score, score);
      total += std::exp(logits.back());
    }
    for (const double logit : logits) {
      const double p = std::exp(logit) / total;
      entropy -= p * std::log(p + 1e-8);
    }
    EXPECT_EQ(drawn.codes[i][j].item<std::int64_t>(), best);
    EXPECT_NEAR(drawn.entropy[i][j].item<double>(), entropy, 1e-4);
    EXPECT_NEAR(drawn.probability[i][j].item<double>(), std::exp(logits[static_cast<std::size_t>(best)]) / total, 1e-5);
  }
}

TEST(DrawCodes, frequenciesAreTheSoftmax) {
  constexpr std::int64_t kDraws = 20000;
  const auto logits = torch::tensor({0.0, 1.0, -1.0, 2.0, 0.5});
  const DrawnCodes drawn = draw_codes({.conditional = logits.view({1, 1, 5}).expand({kDraws, 1, 5}),
                                       .unconditional = {},
                                       .seed = 2,
                                       .sample_indices = torch::arange(kDraws, torch::kInt64),
                                       .token_indices = torch::zeros({1}, torch::kInt64)});
  const auto p = logits.softmax(0).to(torch::kDouble);
  const auto counts = torch::bincount(drawn.codes.flatten(), {}, 5).to(torch::kDouble);
  const auto chi_squared = ((counts - kDraws * p).square() / (kDraws * p)).sum().item<double>();
  EXPECT_LT(chi_squared, 18.5);  // 99.9th percentile at 4 degrees of freedom
  EXPECT_FALSE(drawn.entropy.defined() || drawn.probability.defined());
}

TEST(DrawCodes, temperatureZeroTakesTheLargestAndTheLowestOfTies) {
  DrawRequest r = request();
  r.temperature = 0;
  r.guidance = 0;
  EXPECT_TRUE(torch::equal(draw_codes(r).codes, r.conditional.argmax(-1)));
  r.conditional = torch::zeros({6, 5, 130});
  r.unconditional = torch::Tensor();
  EXPECT_EQ(draw_codes(r).codes.max().item<std::int64_t>(), 0);
}

// Codes that plain loops leave, for one row of logits.
std::set<std::int64_t> likely_codes(const at::Tensor& row, const Truncation& truncation) {
  std::vector<std::int64_t> codes(static_cast<std::size_t>(row.numel()));
  std::iota(codes.begin(), codes.end(), 0);
  const auto value = [&](std::int64_t code) { return row[code].item<double>(); };
  std::stable_sort(codes.begin(), codes.end(), [&](auto a, auto b) { return value(a) > value(b); });
  if (truncation.top_k > 0) codes.resize(std::min(codes.size(), static_cast<std::size_t>(truncation.top_k)));
  double total = 0, sum = 0;
  for (const auto code : codes) {
    total += std::exp(value(code));
  }
  std::set<std::int64_t> kept;
  for (const auto code : codes) {
    if (sum < truncation.top_p) kept.insert(code);
    sum += std::exp(value(code)) / total;
  }
  return kept;
}

TEST(TruncateLogits, leavesWhatPlainLoopsLeave) {
  auto logits = 3 * normal_tensor(1, RandomDomain::data, 7, {8, 40});
  logits[3].fill_(1.5);  // all equal: the lower codes stay
  for (const Truncation& truncation :
       {Truncation{.top_k = 5}, Truncation{.top_p = 0.7}, Truncation{.top_k = 6, .top_p = 0.81}, Truncation{.top_k = 1},
        Truncation{.top_p = 1e-9}, Truncation{.top_k = 40}}) {
    const auto left = truncate_logits(logits, truncation);
    for (int row = 0; row < 8; ++row) {
      std::set<std::int64_t> kept;
      for (int code = 0; code < 40; ++code) {
        const double value = left[row][code].item<double>();
        if (!std::isfinite(value)) continue;
        kept.insert(code);
        EXPECT_EQ(value, logits[row][code].item<double>());
      }
      EXPECT_EQ(kept, likely_codes(logits[row], truncation)) << truncation.top_k << " " << truncation.top_p;
    }
  }
}

TEST(DrawCodes, truncatedDrawsFollowTheRenormalisedSoftmax) {
  constexpr std::int64_t kDraws = 20000;
  const auto logits = torch::tensor({0.0, 1.0, -1.0, 2.0, 0.5});
  const DrawnCodes drawn = draw_codes({.conditional = logits.view({1, 1, 5}).expand({kDraws, 1, 5}),
                                       .unconditional = {},
                                       .truncation = {.top_k = 3},
                                       .seed = 2,
                                       .sample_indices = torch::arange(kDraws, torch::kInt64),
                                       .token_indices = torch::zeros({1}, torch::kInt64),
                                       .statistics = true});
  const auto p = torch::tensor({-INFINITY, 1.0F, -INFINITY, 2.0F, 0.5F}).softmax(0).to(torch::kDouble);
  const auto counts = torch::bincount(drawn.codes.flatten(), {}, 5).to(torch::kDouble);
  EXPECT_EQ(counts[0].item<double>() + counts[2].item<double>(), 0);
  EXPECT_LT(((counts - kDraws * p).abs() / (kDraws * p * (1 - p) + 1).sqrt()).max().item<double>(), 4);
  EXPECT_NEAR(drawn.entropy[0][0].item<double>(), -(p * (p + 1e-8).log()).sum().item<double>(), 1e-5);
  EXPECT_NEAR(drawn.probability[0][0].item<double>(), p[drawn.codes[0][0].item<int>()].item<double>(), 1e-6);
}

TEST(DrawCodes, theKernelAgreesWithTheReference) {
  CHECKERLAB_NEEDS_CUDA_DEVICE();
  for (const double temperature : {0.0, 0.8, 1.0}) {
    for (const bool guided : {false, true}) {
      for (const Truncation& truncation :
           {Truncation{}, Truncation{.top_k = 20}, Truncation{.top_k = 50, .top_p = 0.9}}) {
        DrawRequest r = request();
        r.temperature = temperature;
        r.truncation = truncation;
        if (!guided) r.unconditional = torch::Tensor();
        const DrawnCodes expected = draw_codes_reference(r);
        for (at::Tensor* tensor : {&r.conditional, &r.unconditional, &r.sample_indices, &r.token_indices}) {
          if (tensor->defined()) *tensor = tensor->to(torch::kCUDA);
        }
        const DrawnCodes drawn = draw_codes(r);
        EXPECT_TRUE(torch::equal(drawn.codes.cpu(), expected.codes));
        EXPECT_LT((drawn.entropy.cpu() - expected.entropy).abs().max().item<double>(), 1e-4);
        EXPECT_LT((drawn.probability.cpu() - expected.probability).abs().max().item<double>(), 1e-5);
      }
    }
  }
}

}  // namespace
}  // namespace checkerlab::model
