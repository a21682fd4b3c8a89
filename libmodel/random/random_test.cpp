#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <set>

#include "libmodel/random/draws.hpp"
#include "libmodel/random/philox.hpp"

namespace checkerlab::model {
namespace {

void expect_words(const PhiloxWords& words, std::uint32_t x, std::uint32_t y, std::uint32_t z, std::uint32_t w) {
  EXPECT_EQ(words.x, x);
  EXPECT_EQ(words.y, y);
  EXPECT_EQ(words.z, z);
  EXPECT_EQ(words.w, w);
}

// Known-answer vectors of the Random123 distribution (kat_vectors, philox4x32 10).
TEST(Philox, knownAnswers) {
  expect_words(philox4x32({0, 0, 0, 0}, 0), 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
  expect_words(philox4x32({~0U, ~0U, ~0U, ~0U}, ~0ULL), 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
  expect_words(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0x299f31d0a4093822ULL), 0xd16cfe09,
               0x94fdcceb, 0x5001e420, 0x24126ea1);
}

TEST(Philox, uniformsStayInsideTheirInterval) {
  EXPECT_GT(uniform_open(0), 0.0f);
  EXPECT_LT(uniform_open(~0U), 1.0f);
  EXPECT_GT(exponential_uniform(0), 0.0f);
  EXPECT_LE(exponential_uniform(~0U), 1.0f);
  EXPECT_EQ(uniform_below(~0U, 10), 9U);
  EXPECT_EQ(uniform_below(0, 10), 0U);
}

TEST(Philox, domainsAndCountersDoNotShareNumbers) {
  std::set<std::uint32_t> seen;
  for (const auto domain : {RandomDomain::sampling, RandomDomain::data}) {
    for (std::uint64_t a = 0; a < 8; ++a) {
      for (std::uint32_t b = 0; b < 8; ++b) {
        seen.insert(random_words(3, domain, a << 30, b, 0).x);
        seen.insert(random_words(3, domain, a << 30, b, 1).x);
      }
    }
  }
  EXPECT_EQ(seen.size(), 256U);
}

TEST(Draws, noiseOfATokenDoesNotDependOnItsBatch) {
  const auto samples = torch::tensor(std::vector<std::int64_t>{5, 900, std::int64_t{1} << 40}, torch::kInt64);
  const auto tokens = torch::tensor({3, 0, 77}, torch::kInt64);
  const auto all = exponential_noise(11, samples, tokens, 30);
  ASSERT_EQ(all.sizes(), (torch::IntArrayRef{3, 3, 30}));
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      const auto one = exponential_noise(11, samples.slice(0, i, i + 1), tokens.slice(0, j, j + 1), 30);
      EXPECT_TRUE(torch::equal(one[0][0], all[i][j]));
    }
  }
  EXPECT_FALSE(torch::equal(all[0], all[2]));
  EXPECT_FALSE(torch::equal(all, exponential_noise(12, samples, tokens, 30)));
}

TEST(Draws, noiseIsTheScalarFormula) {
  const auto noise = exponential_noise(4, torch::tensor({9}, torch::kInt64), torch::tensor({2}, torch::kInt64), 6);
  const auto words = random_words(4, RandomDomain::sampling, 9, 2, 1);
  EXPECT_FLOAT_EQ(noise[0][0][5].item<float>(), -std::log1p(-exponential_uniform(words.y)));
}

TEST(Draws, noiseIsStandardExponential) {
  const auto noise =
      exponential_noise(1, torch::arange(50, torch::kInt64), torch::arange(20, torch::kInt64), 100).to(torch::kFloat64);
  EXPECT_NEAR(noise.mean().item<double>(), 1.0, 0.013);
  EXPECT_NEAR(noise.var().item<double>(), 1.0, 0.04);
  EXPECT_NEAR((noise < 0.01).to(torch::kFloat64).mean().item<double>(), -std::expm1(-0.01), 0.0013);
}

TEST(Draws, normalsHaveTheirMoments) {
  const auto values = normal_tensor(2, RandomDomain::initialisation, 5, {301, 333}).to(torch::kFloat64);
  EXPECT_NEAR(values.mean().item<double>(), 0.0, 0.013);
  EXPECT_NEAR(values.std().item<double>(), 1.0, 0.01);
  EXPECT_NEAR(values.pow(4).mean().item<double>(), 3.0, 0.15);
  const auto flat = values.flatten();
  EXPECT_NEAR((flat.slice(0, 0, -1) * flat.slice(0, 1)).mean().item<double>(), 0.0, 0.013);
}

TEST(Draws, permutationsArePermutationsAndDiffer) {
  const auto first = random_permutation(1, RandomDomain::training_order, 0, 100);
  const auto second = random_permutation(1, RandomDomain::training_order, 1, 100);
  EXPECT_EQ(std::set<std::int64_t>(first.begin(), first.end()).size(), 100U);
  EXPECT_EQ(*std::max_element(first.begin(), first.end()), 99);
  EXPECT_NE(first, second);
  EXPECT_EQ(first, random_permutation(1, RandomDomain::training_order, 0, 100));
}

}  // namespace
}  // namespace checkerlab::model
