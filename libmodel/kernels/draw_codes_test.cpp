#include "libmodel/kernels/draw_codes.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "libmodel/random/draws.hpp"

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
          .entropy = true};
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
  EXPECT_FALSE(drawn.entropy.defined());
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

TEST(DrawCodes, theKernelAgreesWithTheReference) {
  if (!torch::cuda::is_available()) GTEST_SKIP() << "needs a CUDA device";
  for (const double temperature : {0.0, 0.8, 1.0}) {
    for (const bool guided : {false, true}) {
      DrawRequest r = request();
      r.temperature = temperature;
      if (!guided) r.unconditional = torch::Tensor();
      const DrawnCodes expected = draw_codes_reference(r);
      for (at::Tensor* tensor : {&r.conditional, &r.unconditional, &r.sample_indices, &r.token_indices}) {
        if (tensor->defined()) *tensor = tensor->to(torch::kCUDA);
      }
      const DrawnCodes drawn = draw_codes(r);
      EXPECT_TRUE(torch::equal(drawn.codes.cpu(), expected.codes));
      EXPECT_LT((drawn.entropy.cpu() - expected.entropy).abs().max().item<double>(), 1e-4);
    }
  }
}

}  // namespace
}  // namespace checkerlab::model
