#include "libmodel/training/trainer.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>

#include "libmodel/testing/recording_observer.hpp"
#include "libmodel/training/testing/training_fixture.hpp"

namespace checkerlab::model {
namespace {

TEST_F(Training, learnsWhatTheLabelsSay) {
  config.steps = 150;
  config.drops.clear();
  config.label_dropout = 0;
  RecordingObserver observer;
  const auto result = train_model(config, tokens, torch::kCPU, observer);
  EXPECT_NEAR(observer.curves["loss"][0], std::log(16.0), 1e-4);
  EXPECT_LT(result.final_loss, 0.3 * std::log(16.0));
  EXPECT_GT(result.images_per_second, 0);
  EXPECT_EQ(observer.progress_calls, 150);
}

// Killed at any moment it goes on from the last checkpoint as if nothing had happened, with everything that is carried:

// moments, moving average, loss scale, accumulated batches.

// The file that a checkpoint is written to first leads to a device that is always full.

// With fixed blocks and nothing random in an item, two batches of four are one of eight, and so are pieces of two.

TEST_F(Training, accumulatedBatchesAndPiecesMakeTheSameSteps) {
  config.source_replacement = 0;
  config.label_dropout = 0;
  config.fixed_steps_per_scale = 2;
  config.steps = 4;
  for (auto& [side, list] : tokens.tokens) {
    list = list.slice(1, 0, 1);
  }
  const auto run = [&](std::int64_t batch, std::int64_t accumulated, std::int64_t micro) {
    TrainConfig changed = config;
    changed.batch = batch;
    changed.accumulation = {{.step = 0, .batches = accumulated}};
    RecordingObserver observer;
    train_model(changed, tokens, torch::kCPU, observer, {.micro_batch = micro});
    return observer.curves;
  };
  auto whole = run(8, 1, 0), accumulated = run(4, 2, 0), pieces = run(8, 1, 2);
  for (int step = 0; step < 4; ++step) {
    for (const char* name : {"loss", "gradient_norm", "loss_4x4"}) {
      EXPECT_NEAR(accumulated[name][step], whole[name][step], 1e-4 * whole[name][step]) << name << step;
      EXPECT_NEAR(pieces[name][step], whole[name][step], 1e-4 * whole[name][step]) << name << step;
    }
  }
}

TEST_F(Training, theLossOfTheScalesMakesTheLoss) {
  RecordingObserver observer;
  train_model(config, tokens, torch::kCPU, observer);
  auto& curves = observer.curves;
  for (int step = 0; step < 12; ++step) {
    const double parts = curves["loss_1x1"][step] + 4 * curves["loss_2x2"][step] + 16 * curves["loss_4x4"][step];
    EXPECT_NEAR(parts / 21, curves["loss"][step], 1e-5);
    EXPECT_GT(curves["gradient_norm"][step], 0);
  }
  EXPECT_EQ(curves["learning_rate"].size(), 12U);
  EXPECT_FALSE(curves.contains("fp16_scale"));
}

TEST_F(Training, theSeedDecidesTheRun) {
  const auto losses = [&](std::uint64_t seed) {
    config.seed = seed;
    RecordingObserver observer;
    train_model(config, tokens, torch::kCPU, observer);
    return observer.curves["loss"];
  };
  const auto first = losses(1);
  EXPECT_EQ(first, losses(1));
  EXPECT_NE(first, losses(2));
}

TEST_F(Training, noStepsGiveTheUntrainedModel) {
  config.steps = 0;
  NullObserver observer;
  const auto result = train_model(config, tokens, torch::kCPU, observer);
  EXPECT_NEAR(result.final_loss, std::log(16.0), 1e-4);
  EXPECT_TRUE(torch::equal(result.model.weights.rope, initial_weights(config.model, 9).rope));
  EXPECT_FALSE(result.model.weights.rope.requires_grad());
}

TEST_F(Training, bf16LearnsToo) {
  config.steps = 60;
  config.drops.clear();
  config.precision = Precision::bf16;
  NullObserver observer;
  const auto result = train_model(config, tokens, torch::kCPU, observer);
  EXPECT_LT(result.final_loss, 0.7 * std::log(16.0));
  EXPECT_EQ(result.model.weights.head_weight.scalar_type(), torch::kFloat32);
}

TEST_F(Training, fp16ScalesTheLossAndLearnsToo) {
  config.steps = 60;
  config.drops.clear();
  config.precision = Precision::fp16;
  RecordingObserver observer;
  const auto result = train_model(config, tokens, torch::kCPU, observer);
  EXPECT_LT(result.final_loss, 0.7 * std::log(16.0));
  EXPECT_EQ(observer.curves["fp16_scale"][0], 65536);
  EXPECT_EQ(result.skipped_steps, 0);
  EXPECT_EQ(result.overflows > 0, observer.curves["fp16_scale"][59] < 65536);
}

// A code whose vector is NaN makes every step that meets it worthless; the others go on.

}  // namespace
}  // namespace checkerlab::model
