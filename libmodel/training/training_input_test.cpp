// What a user or a broken file can cause ends in one clear message, or in what was asked for.
#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>

#include "base/error.hpp"
#include "libmodel/testing/recording_observer.hpp"
#include "libmodel/training/start_weights.hpp"
#include "libmodel/training/testing/training_fixture.hpp"

namespace checkerlab::model {
namespace {

TEST_F(Training, aMicroBatchMustDivideTheBatch) {
  NullObserver observer;
  for (const std::int64_t micro : {3, 16, -1}) {
    try {
      train_model(config, tokens, torch::kCPU, observer, {.micro_batch = micro});
      FAIL() << micro;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
      EXPECT_NE(error.full_text().find("divides the batch"), std::string::npos);
    }
  }
}

TEST_F(Training, aLossThatExplodesIsNamed) {
  config.learning_rate = 1e20;
  config.warmup_steps = 0;
  NullObserver observer;
  try {
    train_model(config, tokens, torch::kCPU, observer);
    FAIL() << "the loss stayed finite";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_finite);
    EXPECT_NE(std::string(error.what()).find("at step"), std::string::npos);
  }
}

// A class whose embedding is so large that nothing finite comes of it: steps that meet it are left out, the others go
// on.
TEST_F(Training, skipsStepsThatAreNotFiniteUpToTheLimit) {
  Model overflowing = small_model({1, 2, 4}, 16);
  overflowing.weights.class_embeddings = overflowing.weights.class_embeddings.clone();
  overflowing.weights.class_embeddings[2].fill_(3e38);
  const TrainOptions options{.start = TrainingStart{.model = overflowing}};
  config.batch = 2;
  config.label_dropout = config.source_replacement = 0;
  config.skip_limit = 12;
  RecordingObserver observer;
  const auto result = train_model(config, tokens, torch::kCPU, observer, options);
  EXPECT_GT(result.skipped_steps, 0);
  EXPECT_LT(result.skipped_steps, 12);
  EXPECT_EQ(static_cast<std::int64_t>(observer.curves["loss"].size()), 12 - result.skipped_steps);
  EXPECT_TRUE(result.model.weights.head_weight.isfinite().all().item<bool>());
  EXPECT_TRUE(std::isfinite(result.final_loss));
  config.skip_limit = result.skipped_steps - 1;
  EXPECT_THROW(train_model(config, tokens, torch::kCPU, observer, options), Error);
}

TEST_F(Training, startsFromOtherWeightsAndRefusesBrokenOnes) {
  Model other = small_model({1, 2, 4}, 16);
  config.steps = 1;
  RecordingObserver observer;
  train_model(config, tokens, torch::kCPU, observer, {.start = TrainingStart{.model = other}});
  EXPECT_NE(observer.curves["loss"][0], std::log(16.0));
  other.weights.combine_bias = torch::full_like(other.weights.combine_bias, std::nan(""));
  try {
    train_model(config, tokens, torch::kCPU, observer, {.start = TrainingStart{.model = other}});
    FAIL() << "NaN was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_finite);
    EXPECT_NE(error.full_text().find("combine_inputs.bias"), std::string::npos);
  }
}

TEST(StartFrom, tablesOfAnotherPyramidStartAfresh) {
  const Model pair = small_model({1, 2, 4}, 16), quad = small_model({1, 4}, 16);
  RecordingObserver observer;
  const Model fresh = fresh_model(quad.config, quad.codebook, 3);
  const Model started = start_from(fresh, pair, observer);
  EXPECT_TRUE(torch::equal(started.weights.layers[1].w2, pair.weights.layers[1].w2));
  EXPECT_TRUE(torch::equal(started.weights.class_embeddings, pair.weights.class_embeddings));
  EXPECT_TRUE(torch::equal(started.weights.embed_positions, fresh.weights.embed_positions));
  EXPECT_TRUE(torch::equal(started.weights.rope, fresh.weights.rope));
  ASSERT_EQ(observer.lines.size(), 2U);
  EXPECT_NE(observer.lines[0].find("embed_positions.weight"), std::string::npos);

  Model wider = small_model({1, 4}, 16);
  wider.config.hidden = 64;
  try {
    start_from(fresh_model(wider.config, wider.codebook, 3), pair, observer);
    FAIL() << "another width was taken";
  } catch (const Error& error) {
    EXPECT_NE(error.full_text().find("llama.layers.0.feed_forward.w1.weight is [48, 32], not [64, 32]"),
              std::string::npos)
        << error.full_text();
  }
}

TEST_F(Training, refusesTokensThatDoNotFit) {
  const auto refused = [&](auto change) {
    TokenSet bad = tokens;
    change(bad);
    NullObserver observer;
    EXPECT_THROW(train_model(config, bad, torch::kCPU, observer), Error);
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
  refused([](TrainConfig& c) { c.ema_decay = 1; });
  refused([](TrainConfig& c) { c.gradient_clip = -1; });
  refused([](TrainConfig& c) { c.epochs = std::nan(""); });
  refused([](TrainConfig& c) { c.skip_limit = -1; });
  refused([](TrainConfig& c) { c.accumulation = {{.step = 0, .batches = 0}}; });
  refused([](TrainConfig& c) { c.learning_rate = std::nan(""); });
  refused([](TrainConfig& c) { c.label_dropout = 1.5; });
  refused([](TrainConfig& c) { c.drops = {{3, 0}}; });
}

}  // namespace
}  // namespace checkerlab::model
