// A training that was stopped in any way goes on as if it had not been.
#include <gtest/gtest.h>
#include <torch/types.h>
#include <unistd.h>

#include <filesystem>

#include "base/error.hpp"
#include "libmodel/testing/recording_observer.hpp"
#include "libmodel/training/testing/training_fixture.hpp"
#include "libmodel/training/training_checkpoint.hpp"

namespace checkerlab::model {
namespace {

TEST_F(Training, aResumedRunContinuesExactly) {
  RecordingObserver whole;
  const auto expected = train_model(config, tokens, torch::kCPU, whole);

  RecordingObserver first;
  first.checkpoint_at = 5;
  first.checkpoint_file = folder.path() / "checkpoint";
  first.cancel_at = 7;
  EXPECT_THROW(train_model(config, tokens, torch::kCPU, first), Error);
  ASSERT_EQ(first.checkpoints, std::vector<std::int64_t>{5});

  RecordingObserver second;
  const auto resumed = train_model(config, tokens, torch::kCPU, second, {.resume = folder.path() / "checkpoint"});
  ASSERT_EQ(second.curves["loss"].size(), 7U);
  for (const auto& [step, loss] : second.curves["loss"]) {
    EXPECT_EQ(loss, whole.curves["loss"].at(step)) << "step " << step;
  }
  EXPECT_EQ(resumed.final_loss, expected.final_loss);
  EXPECT_TRUE(torch::equal(resumed.model.weights.layers[0].wqkv, expected.model.weights.layers[0].wqkv));
  EXPECT_TRUE(torch::equal(resumed.model.weights.rope, expected.model.weights.rope));
}

TEST_F(Training, aRunKilledAnywhereContinuesExactly) {
  config.precision = Precision::fp16;
  config.ema_decay = 0.9;
  config.accumulation = {{.step = 6, .batches = 2}};
  RecordingObserver whole;
  const auto expected = train_model(config, tokens, torch::kCPU, whole);
  for (const int moment : {1, 4, 6, 7, 10}) {
    RecordingObserver first;
    first.checkpoint_at = moment;
    first.checkpoint_file = folder.path() / "killed";
    first.cancel_at = moment + 1;
    EXPECT_THROW(train_model(config, tokens, torch::kCPU, first), Error);
    RecordingObserver second;
    const auto resumed = train_model(config, tokens, torch::kCPU, second, {.resume = folder.path() / "killed"});
    for (const auto& [step, loss] : second.curves["loss"]) {
      EXPECT_EQ(loss, whole.curves["loss"].at(step)) << "killed at " << moment << ", step " << step;
    }
    EXPECT_EQ(resumed.overflows, expected.overflows);
    EXPECT_EQ(resumed.steps, 12);
    EXPECT_TRUE(torch::equal(resumed.model.weights.rope, expected.model.weights.rope)) << moment;
    EXPECT_TRUE(torch::equal(resumed.average->weights.rope, expected.average->weights.rope)) << moment;
  }
}

TEST_F(Training, aCancelledRunOffersACheckpointOfItsLastStep) {
  RecordingObserver observer;
  observer.cancel_at = 7;
  observer.checkpoint_at = 7;
  observer.checkpoint_file = folder.path() / "checkpoint";
  try {
    train_model(config, tokens, torch::kCPU, observer);
    FAIL() << "it was not cancelled";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::cancelled);
  }
  ASSERT_FALSE(observer.checkpoints.empty());
  EXPECT_EQ(observer.checkpoints.back(), 7);
}

TEST_F(Training, aFullDiskLeavesTheOldCheckpoint) {
  RecordingObserver observer;
  observer.checkpoint_at = 3;
  observer.checkpoint_file = folder.path() / "checkpoint";
  config.steps = 3;
  train_model(config, tokens, torch::kCPU, observer);
  config.steps = 12;
  std::filesystem::create_symlink("/dev/full", observer.checkpoint_file.string() + ".tmp" + std::to_string(::getpid()));
  observer.checkpoint_at = 6;
  try {
    train_model(config, tokens, torch::kCPU, observer, {.resume = observer.checkpoint_file});
    FAIL() << "the disk was not full";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::disk_full) << error.full_text();
  }
  RecordingObserver again;
  train_model(config, tokens, torch::kCPU, again, {.resume = observer.checkpoint_file});
  EXPECT_EQ(again.curves["loss"].begin()->first, 3);
}

TEST_F(Training, refusesCheckpointsOfOtherRuns) {
  RecordingObserver observer;
  observer.checkpoint_at = 5;
  observer.checkpoint_file = folder.path() / "checkpoint";
  train_model(config, tokens, torch::kCPU, observer);
  const auto code_of = [&](const TrainConfig& other, const std::filesystem::path& file) {
    try {
      NullObserver null;
      train_model(other, tokens, torch::kCPU, null, {.resume = file});
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  TrainConfig other = config;
  other.seed = 10;
  EXPECT_EQ(code_of(other, observer.checkpoint_file), ErrorCode::version_mismatch);
  other = config;
  other.learning_rate = 1e-4;
  other.ema_decay = 0.9;
  try {
    load_training_checkpoint(observer.checkpoint_file, other);
    FAIL() << "other settings were taken";
  } catch (const Error& error) {
    EXPECT_NE(error.full_text().find("ema_decay, learning_rate differ"), std::string::npos) << error.full_text();
  }
  NullObserver null;
  const auto changed = train_model(other, tokens, torch::kCPU, null,
                                   {.resume = observer.checkpoint_file, .accept_other_settings = true});
  EXPECT_TRUE(changed.average.has_value());
  other.model.hidden = 64;
  EXPECT_THROW(load_training_checkpoint(observer.checkpoint_file, other, true), Error);
  other = config;
  other.steps = 3;
  EXPECT_EQ(code_of(other, observer.checkpoint_file), ErrorCode::invalid_argument);
  save_model(folder.path() / "model", small_model({1, 2, 4}, 16));
  EXPECT_EQ(code_of(config, folder.path() / "model"), ErrorCode::invalid_data);
}

}  // namespace
}  // namespace checkerlab::model
