#include "libmodel/tokenizer/training.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "libmodel/data/shapes.hpp"
#include "libmodel/data/token_cache.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/testing/recording_observer.hpp"
#include "libmodel/tokenizer/testing/tiny_tokenizer.hpp"

namespace checkerlab::model {
namespace {

// Share of equal tokens; rounding may decide between nearly equal codes.
double agreement(const torch::Tensor& a, const torch::Tensor& b) {
  return a.eq(b).to(torch::kFloat64).mean().item<double>();
}

class TokenizerTrainingTest : public testing::Test {
 protected:
  TokenizerTrainingTest() {
    NullObserver observer;
    dataset_ = generate_shapes({.classes = 2, .images_train = 64, .images_test = 16, .size = 8, .seed = 1}, observer);
  }

  TokenizerReport train(VqTokenizer& tokenizer, std::int64_t steps, Observer& observer,
                        const std::optional<std::filesystem::path>& resume = std::nullopt) {
    const TokenizerTraining training{.sizes = {1, 2, 4}, .steps = steps, .batch = 16, .lr = 3e-3, .seed = 5};
    return train_tokenizer(tokenizer, dataset_.train_images, dataset_.test_images, training, torch::kCPU, observer,
                           resume);
  }

  Dataset dataset_;
};

TEST_F(TokenizerTrainingTest, LearnsToReconstruct) {
  VqTokenizer untrained(tiny_tokenizer_config()), tokenizer(tiny_tokenizer_config());
  NullObserver quiet;
  RecordingObserver observer;
  const auto before = train(untrained, 1, quiet);
  const auto after = train(tokenizer, 160, observer);
  EXPECT_GT(after.quality.psnr, before.quality.psnr + 5);
  EXPECT_GT(after.quality.psnr, 14);
  EXPECT_GT(after.quality.codebook_use, 0.5);
  EXPECT_EQ(observer.last_done, 160);
  EXPECT_GT(observer.curves["loss"].size(), 10u);
}

TEST_F(TokenizerTrainingTest, ResumesAsIfItHadNotStopped) {
  const TemporaryFolder folder;
  const auto checkpoint = folder.path() / "c.safetensors";
  VqTokenizer straight(tiny_tokenizer_config()), stopped(tiny_tokenizer_config()), resumed(tiny_tokenizer_config());
  NullObserver quiet;
  const auto expected = train(straight, 48, quiet);
  RecordingObserver observer;
  observer.checkpoint_at = 30;
  observer.checkpoint_file = checkpoint;
  observer.cancel_at = 31;
  expect_error(ErrorCode::cancelled, "", [&] { train(stopped, 48, observer); });
  EXPECT_EQ(observer.checkpoints, std::vector<std::int64_t>{30});
  const auto actual = train(resumed, 48, quiet, checkpoint);
  EXPECT_EQ(actual.final_loss, expected.final_loss);
  EXPECT_EQ(actual.quality.psnr, expected.quality.psnr);
  EXPECT_TRUE(torch::equal(resumed->codebook(), straight->codebook()));
  expect_error(ErrorCode::invalid_data, "another", [&] { train(resumed, 49, quiet, checkpoint); });
}

TEST_F(TokenizerTrainingTest, RefusesSettingsThatCannotBe) {
  VqTokenizer tokenizer(tiny_tokenizer_config());
  NullObserver observer;
  expect_error(ErrorCode::invalid_argument, "step", [&] { train(tokenizer, 0, observer); });
  const TokenizerTraining large{.sizes = {8}, .steps = 1, .batch = 1, .lr = 1e-3, .seed = 0};
  expect_error(ErrorCode::invalid_argument, "images of 16 pixels", [&] {
    train_tokenizer(tokenizer, dataset_.train_images, dataset_.test_images, large, torch::kCPU, observer, std::nullopt);
  });
}

TEST_F(TokenizerTrainingTest, TokenCachesHoldEveryCrop) {
  const TemporaryFolder folder;
  VqTokenizer tokenizer(tiny_tokenizer_config());
  NullObserver observer;
  train(tokenizer, 30, observer);
  const auto cache = tokenize_dataset(dataset_, tokenizer, 2, Crops::flip, 7, torch::kCPU, observer);
  EXPECT_EQ(cache.tokens.sizes(), (at::IntArrayRef{64, 2, 4}));
  EXPECT_EQ(cache.tokens.scalar_type(), torch::kInt16);
  const auto plain = tokenize_dataset(dataset_, tokenizer, 2, Crops::none, 64, torch::kCPU, observer);
  EXPECT_GT(agreement(plain.tokens.select(1, 0), cache.tokens.select(1, 0)), 0.99);
  auto mirrored = dataset_;
  mirrored.train_images = dataset_.train_images.flip({2});
  const auto flipped = tokenize_dataset(mirrored, tokenizer, 2, Crops::none, 64, torch::kCPU, observer);
  EXPECT_GT(agreement(flipped.tokens.select(1, 0), cache.tokens.select(1, 1)), 0.99);
  write_token_cache(folder.path() / "t.safetensors", cache);
  const auto again = read_token_cache(folder.path() / "t.safetensors");
  EXPECT_TRUE(torch::equal(again.tokens, cache.tokens));
  EXPECT_TRUE(torch::equal(again.labels, dataset_.train_labels));
  EXPECT_EQ(again.side, 2);
  expect_error(ErrorCode::invalid_argument, "crops", [] { parse_crops("five"); });
}

}  // namespace
}  // namespace checkerlab::model
