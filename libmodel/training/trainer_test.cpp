#include "libmodel/training/trainer.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/random/draws.hpp"
#include "libmodel/testing/recording_observer.hpp"
#include "libmodel/training/learning_rate.hpp"
#include "libmodel/training/training_checkpoint.hpp"
#include "libmodel/transformer/testing/golden.hpp"

namespace checkerlab::model {
namespace {

class GoldenTraining : public testing::TestWithParam<std::string> {};

// Five steps of the reference from its weights: a checkpoint of no steps stands for the fresh model.
TEST_P(GoldenTraining, fiveSteps) {
  const GoldenCase& g = golden_case(GetParam());
  const TrainConfig config{.model = g.model.config,
                           .steps = 6,
                           .batch = 2,
                           .learning_rate = 1e-3,
                           .weight_decay = 0.01,
                           .gradient_clip = 1e9,
                           .fixed_steps_per_scale = 4};
  TokenSet tokens{.tokens = {}, .labels = g.at("input.labels"), .codebook = g.model.codebook};
  for (const int side : config.model.sizes) {
    tokens.tokens[side] = g.at("input.tokens." + std::to_string(side)).flatten(1).unsqueeze(1).to(torch::kInt16);
  }
  const TemporaryFolder folder;
  Model start = g.model;
  save_training_checkpoint(folder.path() / "start", config, start, Optimizer(start, config.weight_decay), {});
  RecordingObserver observer;
  train_model(config, tokens, torch::kCPU, observer, folder.path() / "start");
  for (int step = 0; step < 5; ++step) {
    EXPECT_NEAR(observer.curves["loss"][step], g.at("train.losses")[step].item<double>(), 5e-5) << "step " << step;
    EXPECT_NEAR(observer.curves["gradient_norm"][step], g.at("train.grad_norm")[step].item<double>(), 2e-5);
  }
  EXPECT_NEAR(observer.curves["loss"][5], g.at("train.loss_after").item<double>(), 5e-5);

  TrainConfig five = config;
  five.steps = 5;
  TrainResult result = train_model(five, tokens, torch::kCPU, observer, folder.path() / "start");
  const auto& names = g.train["names"];
  std::map<std::string, at::Tensor> trained;
  visit_weights(config.model, result.model.weights, [&](const std::string& name, at::Tensor& tensor, const auto&) {
    trained[name] = tensor.to(torch::kDouble);
  });
  ASSERT_EQ(trained.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto expected = g.at("train.param_norms")[static_cast<std::int64_t>(i)];
    EXPECT_NEAR(trained.at(names[i]).sum().item<double>(), expected[0].item<double>(), 1e-3) << names[i];
    EXPECT_NEAR(trained.at(names[i]).norm().item<double>(), expected[1].item<double>(), 1e-4) << names[i];
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenTraining, testing::ValuesIn(kGoldenCases),
                         [](const auto& test) { return test.param; });

class Training : public testing::Test {
 protected:
  Training() {
    config.model = small_model({1, 2, 4}, 16).config;
    tokens.codebook = small_model({1, 2, 4}, 16).codebook;
    tokens.labels = torch::arange(20, torch::kInt64).remainder(5);
    for (const int side : config.model.sizes) {
      // The label decides the code, so that there is something to learn.
      tokens.tokens[side] =
          (tokens.labels * 3).to(torch::kInt16).view({20, 1, 1}).expand({20, 2, side * side}).contiguous();
    }
  }
  TrainConfig config{.steps = 12,
                     .batch = 8,
                     .learning_rate = 3e-3,
                     .warmup_steps = 3,
                     .drops = {{10, 0.1}},
                     .weight_decay = 0.01,
                     .label_dropout = 0.1,
                     .source_replacement = 0.1,
                     .seed = 9};
  TokenSet tokens;
  TemporaryFolder folder;
};

TEST_F(Training, learnsWhatTheLabelsSay) {
  config.steps = 150;
  config.drops.clear();
  config.label_dropout = 0;
  RecordingObserver observer;
  const auto result = train_model(config, tokens, torch::kCPU, observer, std::nullopt);
  EXPECT_NEAR(observer.curves["loss"][0], std::log(16.0), 1e-4);
  EXPECT_LT(result.final_loss, 0.3 * std::log(16.0));
  EXPECT_GT(result.images_per_second, 0);
  EXPECT_EQ(observer.progress_calls, 150);
}

TEST_F(Training, aResumedRunContinuesExactly) {
  RecordingObserver whole;
  const auto expected = train_model(config, tokens, torch::kCPU, whole, std::nullopt);

  RecordingObserver first;
  first.checkpoint_at = 5;
  first.checkpoint_file = folder.path() / "checkpoint";
  first.cancel_at = 7;
  EXPECT_THROW(train_model(config, tokens, torch::kCPU, first, std::nullopt), Error);
  ASSERT_EQ(first.checkpoints, std::vector<std::int64_t>{5});

  RecordingObserver second;
  const auto resumed = train_model(config, tokens, torch::kCPU, second, folder.path() / "checkpoint");
  ASSERT_EQ(second.curves["loss"].size(), 7U);
  for (const auto& [step, loss] : second.curves["loss"]) {
    EXPECT_EQ(loss, whole.curves["loss"].at(step)) << "step " << step;
  }
  EXPECT_EQ(resumed.final_loss, expected.final_loss);
  EXPECT_TRUE(torch::equal(resumed.model.weights.layers[0].wqkv, expected.model.weights.layers[0].wqkv));
  EXPECT_TRUE(torch::equal(resumed.model.weights.rope, expected.model.weights.rope));
}

TEST_F(Training, theSeedDecidesTheRun) {
  const auto losses = [&](std::uint64_t seed) {
    config.seed = seed;
    RecordingObserver observer;
    train_model(config, tokens, torch::kCPU, observer, std::nullopt);
    return observer.curves["loss"];
  };
  const auto first = losses(1);
  EXPECT_EQ(first, losses(1));
  EXPECT_NE(first, losses(2));
}

TEST_F(Training, noStepsGiveTheUntrainedModel) {
  config.steps = 0;
  NullObserver observer;
  const auto result = train_model(config, tokens, torch::kCPU, observer, std::nullopt);
  EXPECT_NEAR(result.final_loss, std::log(16.0), 1e-4);
  EXPECT_TRUE(torch::equal(result.model.weights.rope, initial_weights(config.model, 9).rope));
  EXPECT_FALSE(result.model.weights.rope.requires_grad());
}

TEST_F(Training, bf16LearnsToo) {
  config.steps = 60;
  config.drops.clear();
  config.precision = Precision::bf16;
  NullObserver observer;
  const auto result = train_model(config, tokens, torch::kCPU, observer, std::nullopt);
  EXPECT_LT(result.final_loss, 0.7 * std::log(16.0));
  EXPECT_EQ(result.model.weights.head_weight.scalar_type(), torch::kFloat32);
}

TEST_F(Training, aLossThatExplodesIsNamed) {
  config.learning_rate = 1e20;
  config.warmup_steps = 0;
  NullObserver observer;
  try {
    train_model(config, tokens, torch::kCPU, observer, std::nullopt);
    FAIL() << "the loss stayed finite";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_finite);
    EXPECT_NE(std::string(error.what()).find("step"), std::string::npos);
  }
}

TEST_F(Training, learningRateWarmsUpAndDrops) {
  EXPECT_DOUBLE_EQ(learning_rate_at(config, 0), 1e-3);
  EXPECT_DOUBLE_EQ(learning_rate_at(config, 2), 3e-3);
  EXPECT_DOUBLE_EQ(learning_rate_at(config, 9), 3e-3);
  EXPECT_DOUBLE_EQ(learning_rate_at(config, 10), 3e-4);
}

TEST_F(Training, refusesTokensThatDoNotFit) {
  const auto refused = [&](auto change) {
    TokenSet bad = tokens;
    change(bad);
    NullObserver observer;
    EXPECT_THROW(train_model(config, bad, torch::kCPU, observer, std::nullopt), Error);
  };
  refused([](TokenSet& t) { t.tokens.erase(2); });
  refused([](TokenSet& t) { t.tokens.erase(4); });
  refused([](TokenSet& t) { t.tokens[2] = t.tokens[2].to(torch::kInt64); });
  refused([](TokenSet& t) { t.tokens[2] = t.tokens[2] + 100; });
  refused([](TokenSet& t) { t.tokens[2] = t.tokens[2].slice(0, 0, 3); });
  refused([](TokenSet& t) { t.labels = t.labels + 5; });
  refused([](TokenSet& t) { t.labels = torch::empty({0}, torch::kInt64); });
  refused([](TokenSet& t) { t.codebook = t.codebook.slice(0, 0, 3); });
}

TEST_F(Training, refusesSettingsThatCannotBe) {
  const auto refused = [&](auto change) {
    TrainConfig bad = config;
    change(bad);
    EXPECT_THROW(bad.validate(), Error);
  };
  refused([](TrainConfig& c) { c.steps = -1; });
  refused([](TrainConfig& c) { c.batch = 0; });
  refused([](TrainConfig& c) { c.learning_rate = std::nan(""); });
  refused([](TrainConfig& c) { c.label_dropout = 1.5; });
  refused([](TrainConfig& c) { c.drops = {{3, 0}}; });
}

TEST_F(Training, refusesCheckpointsOfOtherRuns) {
  RecordingObserver observer;
  observer.checkpoint_at = 5;
  observer.checkpoint_file = folder.path() / "checkpoint";
  train_model(config, tokens, torch::kCPU, observer, std::nullopt);
  const auto code_of = [&](const TrainConfig& other, const std::filesystem::path& file) {
    try {
      NullObserver null;
      train_model(other, tokens, torch::kCPU, null, file);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  TrainConfig other = config;
  other.seed = 10;
  EXPECT_EQ(code_of(other, observer.checkpoint_file), ErrorCode::version_mismatch);
  other = config;
  other.steps = 3;
  EXPECT_EQ(code_of(other, observer.checkpoint_file), ErrorCode::invalid_argument);
  save_model(folder.path() / "model", small_model({1, 2, 4}, 16));
  EXPECT_EQ(code_of(config, folder.path() / "model"), ErrorCode::invalid_data);
}

}  // namespace
}  // namespace checkerlab::model
