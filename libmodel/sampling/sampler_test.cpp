#include "libmodel/sampling/sampler.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>

#include "base/error.hpp"
#include "libmodel/testing/recording_observer.hpp"
#include "libmodel/transformer/testing/golden.hpp"

namespace checkerlab::model {
namespace {

struct GreedyRun {
  std::string name;
  SamplingSettings settings;
};

const std::vector<GreedyRun> kGreedyRuns{
    {"cfg0.P4", {.steps_per_scale = 4, .temperature = 0, .record_entropy = true}},
    {"cfg1.5start0.P4", {.steps_per_scale = 4, .guidance = 1.5, .temperature = 0, .record_entropy = true}},
    {"cfg1.5start5.P8",
     {.steps_per_scale = 8, .guidance = 1.5, .guidance_start_step = 5, .temperature = 0, .record_entropy = true}}};

class GoldenSampling : public testing::TestWithParam<std::string> {};

TEST_P(GoldenSampling, greedyTokensAndEntropies) {
  const GoldenCase& g = golden_case(GetParam());
  Sampler sampler(g.model, torch::kCPU, Precision::fp32);
  NullObserver observer;
  for (const GreedyRun& run : kGreedyRuns) {
    const auto batch = sampler.sample(g.batch().labels, torch::arange(2, torch::kInt64), run.settings, observer);
    const std::string prefix = "greedy." + run.name + ".";
    EXPECT_EQ(batch.total_steps, g.at(prefix + "steps").item<std::int64_t>());
    for (std::size_t i = 0; i < g.model.config.sizes.size(); ++i) {
      const auto side = std::to_string(g.model.config.sizes[i]);
      EXPECT_TRUE(torch::equal(batch.tokens[i], g.at(prefix + "tokens." + side))) << run.name << " side " << side;
      EXPECT_LE(largest_difference(batch.entropy[i], g.at(prefix + "entropy." + side)), 1e-4)
          << run.name << " " << side;
      EXPECT_EQ(batch.probability[i].sizes(), batch.tokens[i].sizes());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenSampling, testing::ValuesIn(kGoldenCases),
                         [](const auto& test) { return test.param; });

class SmallSampling : public testing::Test {
 protected:
  std::vector<torch::Tensor> tokens(std::int64_t begin, std::int64_t count, const SamplingSettings& wanted) {
    return sampler
        .sample(round_robin_labels(begin, count, 5), torch::arange(begin, begin + count, torch::kInt64), wanted,
                observer)
        .tokens;
  }

  Model model = small_model({1, 2, 4});
  Sampler sampler{model, torch::kCPU, Precision::fp32};
  NullObserver observer;
  SamplingSettings settings{.steps_per_scale = 3, .guidance = 0.7, .seed = 5};
};

TEST_F(SmallSampling, samplesDoNotDependOnTheirBatch) {
  const auto whole = tokens(0, 23, settings);
  for (const std::int64_t size : {1, 4, 10}) {
    for (std::int64_t begin = 0; begin < 23; begin += size) {
      const auto part = tokens(begin, std::min(size, 23 - begin), settings);
      for (std::size_t scale = 0; scale < whole.size(); ++scale) {
        EXPECT_TRUE(torch::equal(part[scale], whole[scale].slice(0, begin, std::min<std::int64_t>(begin + size, 23))));
      }
    }
  }
}

// Any samples in any company and order: every one is what it is alone.
TEST_F(SmallSampling, samplesDoNotDependOnTheirCompany) {
  settings.record_entropy = true;
  const auto labels = torch::tensor({3, 0, 5, 1, 4, 2, 2}, torch::kInt64);
  const auto indices = torch::tensor({40, 7, 1000000, 0, 7, 12, 3}, torch::kInt64);
  const auto together = sampler.sample(labels, indices, settings, observer);
  const auto turned = sampler.sample(labels.flip(0), indices.flip(0), settings, observer);
  for (std::int64_t i = 0; i < 7; ++i) {
    const auto alone = sampler.sample(labels.slice(0, i, i + 1), indices.slice(0, i, i + 1), settings, observer);
    for (std::size_t scale = 0; scale < alone.tokens.size(); ++scale) {
      EXPECT_TRUE(torch::equal(alone.tokens[scale][0], together.tokens[scale][i])) << "sample " << i;
      EXPECT_TRUE(torch::equal(alone.tokens[scale][0], turned.tokens[scale][6 - i])) << "sample " << i;
      EXPECT_LE(largest_difference(alone.entropy[scale][0], together.entropy[scale][i]), 1e-5);
    }
  }
}

TEST_F(SmallSampling, truncationLeavesLikelyCodesAlone) {
  const auto base = tokens(0, 16, settings);
  settings.truncation.top_k = 32;  // all codes
  EXPECT_TRUE(torch::equal(base.back(), tokens(0, 16, settings).back()));
  settings.truncation.top_k = 1;
  const auto greedy = tokens(0, 16, settings);
  settings.truncation = {.top_p = 1e-6};
  EXPECT_TRUE(torch::equal(greedy.back(), tokens(0, 16, settings).back()));
  settings.truncation = {};
  settings.temperature = 0;
  EXPECT_TRUE(torch::equal(greedy.back(), tokens(0, 16, settings).back()));
  EXPECT_FALSE(torch::equal(greedy.back(), base.back()));
}

TEST_F(SmallSampling, stepsMayDifferByScale) {
  const auto base = tokens(0, 4, settings);
  settings.steps_of_scales = {1, 3, 3};
  EXPECT_TRUE(torch::equal(base.back(), tokens(0, 4, settings).back()));
  settings.steps_of_scales = {1, 2, 8};
  const auto batch = sampler.sample(round_robin_labels(0, 2, 5), torch::arange(2, torch::kInt64), settings, observer);
  EXPECT_EQ(batch.blocks, (std::vector<std::int64_t>{1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}));
  EXPECT_EQ(batch.total_steps, 11);
  EXPECT_EQ(batch.steps[2].max().item<std::int64_t>(), 10);
  EXPECT_TRUE(torch::equal(batch.steps[1], torch::tensor({{1, 2}, {2, 1}}, torch::kInt64)));
}

TEST_F(SmallSampling, otherOrdersGiveOtherStepsAndSamples) {
  const auto base = tokens(0, 16, settings).back();
  for (const auto order : {ScanOrder::raster, ScanOrder::random, ScanOrder::quadrant, ScanOrder::z_curve}) {
    settings.order = order;
    EXPECT_FALSE(torch::equal(base, tokens(0, 16, settings).back())) << to_string(order);
    EXPECT_TRUE(torch::equal(tokens(3, 1, settings).back(), tokens(0, 16, settings).back().slice(0, 3, 4)));
  }
  settings.order = ScanOrder::raster;
  settings.steps_per_scale = 4;
  const auto batch = sampler.sample(round_robin_labels(0, 1, 5), torch::arange(1, torch::kInt64), settings, observer);
  EXPECT_TRUE(torch::equal(batch.steps[2], torch::arange(5, 9, torch::kInt64).view({4, 1}).expand({4, 4})));
}

TEST_F(SmallSampling, seedsGuidanceAndStepsMatter) {
  const auto base = tokens(0, 16, settings).back();
  EXPECT_TRUE(torch::equal(base, tokens(0, 16, settings).back()));
  for (auto change : std::vector<std::function<void(SamplingSettings&)>>{
           [](auto& s) { s.seed = 6; }, [](auto& s) { s.guidance = 3; }, [](auto& s) { s.steps_per_scale = 1; },
           [](auto& s) { s.temperature = 0.5; }, [](auto& s) { s.guidance_start_step = 4; }}) {
    SamplingSettings changed = settings;
    change(changed);
    EXPECT_FALSE(torch::equal(base, tokens(0, 16, changed).back()));
  }
}

TEST_F(SmallSampling, aLateGuidanceStartIsNoGuidance) {
  SamplingSettings late = settings, none = settings;
  late.guidance_start_step = 1000;
  none.guidance = 0;
  EXPECT_TRUE(torch::equal(tokens(0, 16, late).back(), tokens(0, 16, none).back()));
}

TEST_F(SmallSampling, firstTokensFollowTheModelsDistribution) {
  constexpr std::int64_t kCount = 4000;
  settings.guidance = 0;
  const auto drawn =
      sampler.sample(torch::full({kCount}, 2, torch::kInt64), torch::arange(kCount, torch::kInt64), settings, observer)
          .tokens[0]
          .flatten();
  TokenBatch batch{.tokens = {}, .sources = {}, .labels = torch::full({1}, 2, torch::kInt64)};
  for (const int side : model.config.sizes) {
    batch.tokens.push_back(torch::zeros({1, side * side}, torch::kInt64));
  }
  batch.sources = batch.tokens;
  const ScaleLayout layout(model.config.sizes);
  const BlockLayout blocks(layout, partitions_for_steps(layout.sizes, 3));
  const auto p = forward_logits(model, batch, {layout, blocks, torch::kCPU})[0][0].softmax(-1).to(torch::kDouble);
  const auto counts = torch::bincount(drawn, {}, 32).to(torch::kDouble);
  const auto deviation = (kCount * p * (1 - p)).sqrt() + 1;
  EXPECT_LT(((counts - kCount * p).abs() / deviation).max().item<double>(), 4.5);
}

TEST_F(SmallSampling, refusesWhatCannotBe) {
  const auto refused = [&](SamplingSettings bad) { EXPECT_THROW(tokens(0, 2, bad), Error); };
  refused({.steps_per_scale = 0});
  refused({.steps_per_scale = 17});  // the largest scale has 16 tokens
  refused({.steps_of_scales = {1, 4}});
  refused({.steps_of_scales = {1, 4, 0}});
  refused({.steps_of_scales = {1, 5, 4}});
  refused({.truncation = {.top_k = -1}});
  refused({.truncation = {.top_p = 0}});
  refused({.truncation = {.top_p = 1.5}});
  refused({.guidance = -1});
  refused({.guidance = std::nan("")});
  refused({.temperature = -1});
  refused({.guidance_start_step = -1});
  const auto labels = torch::tensor({6}, torch::kInt64), indices = torch::tensor({0}, torch::kInt64);
  EXPECT_THROW(sampler.sample(labels, indices, settings, observer), Error);
  EXPECT_THROW(sampler.sample(labels.slice(0, 0, 0), indices.slice(0, 0, 0), settings, observer), Error);
}

TEST_F(SmallSampling, brokenWeightsAreNamed) {
  model.weights.head_bias = model.weights.head_bias.clone();
  model.weights.head_bias[3] = std::nan("");
  Sampler broken(model, torch::kCPU, Precision::fp32);
  try {
    broken.sample(round_robin_labels(0, 2, 5), torch::arange(2, torch::kInt64), settings, observer);
    FAIL() << "was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_finite);
  }
}

TEST_F(SmallSampling, stopsWhenCancelled) {
  RecordingObserver cancelling;
  cancelling.cancel_at = 0;
  try {
    sampler.sample(round_robin_labels(0, 2, 5), torch::arange(2, torch::kInt64), settings, cancelling);
    FAIL() << "was not cancelled";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::cancelled);
  }
}

TEST_F(SmallSampling, bf16StaysCloseToFp32) {
  settings.temperature = 0;
  settings.record_entropy = true;
  Sampler rough(model, torch::kCPU, Precision::bf16);
  const auto labels = round_robin_labels(0, 40, 5), indices = torch::arange(40, torch::kInt64);
  const auto a = sampler.sample(labels, indices, settings, observer),
             b = rough.sample(labels, indices, settings, observer);
  EXPECT_GT(a.tokens[0].eq(b.tokens[0]).to(torch::kDouble).mean().item<double>(), 0.9);
  EXPECT_LT(largest_difference(a.entropy[0], b.entropy[0]), 0.1);
}

TEST(RoundRobinLabels, areAFunctionOfTheIndex) {
  EXPECT_TRUE(torch::equal(round_robin_labels(4, 5, 3), torch::tensor({1, 2, 0, 1, 2}, torch::kInt64)));
}

}  // namespace
}  // namespace checkerlab::model
