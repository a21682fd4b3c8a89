#include "libmodel/tokenizer/codebook_retraining.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "base/files.hpp"
#include "libmodel/data/image_feed.hpp"
#include "libmodel/data/shapes.hpp"
#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/testing/recording_observer.hpp"
#include "libmodel/tokenizer/code_usage.hpp"
#include "libmodel/tokenizer/latent_statistics.hpp"
#include "libmodel/tokenizer/quality.hpp"
#include "libmodel/tokenizer/testing/tiny_tokenizer.hpp"
#include "libmodel/tokenizer/training.hpp"

namespace checkerlab::model {
namespace {

// A tokenizer trained on the largest size alone, whose codebook knows nothing of the others.
class CodebookRetrainingTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    NullObserver observer;
    dataset_ = new Dataset(
        generate_shapes({.classes = 4, .images_train = 96, .images_test = 48, .size = 16, .seed = 1}, observer));
    auto tokenizer = fresh();
    const TokenizerTraining training{.sizes = {8}, .steps = 120, .batch = 12, .lr = 3e-3, .seed = 5};
    train_tokenizer(tokenizer, dataset_->train_images, dataset_->test_images, training, torch::kCPU, observer,
                    std::nullopt);
    write_tokenizer(file(), tokenizer);
  }
  static void TearDownTestSuite() {
    delete dataset_;
    dataset_ = nullptr;
  }
  static TemporaryFolder& folder() {
    static TemporaryFolder made;
    return made;
  }
  static std::filesystem::path file() { return folder().path() / "t.safetensors"; }
  static VqTokenizer fresh() { return VqTokenizer(tiny_tokenizer_config()); }
  static CodebookRetraining settings() {
    return {.sides = {1, 2, 4, 8},
            .steps = 150,
            .batch = 12,
            .lr = 0.02,
            .seed = 3,
            .gather_steps = 20,
            .redraw_every = 25};
  }
  RetrainReport retrain(VqTokenizer& tokenizer, const CodebookRetraining& training, Observer& observer,
                        const std::optional<std::filesystem::path>& resume = std::nullopt) {
    const auto feed = feed_from_memory(dataset_->train_images, training.batch, 9);
    return retrain_codebook(
        tokenizer, [&](std::int64_t step) { return feed->batch(step); }, training, torch::kCPU, observer, resume);
  }
  TokenizerQuality quality(VqTokenizer& tokenizer) {
    return tokenizer_quality(tokenizer, dataset_->test_images, {1, 2, 4, 8}, 16, torch::kCPU, observer_);
  }
  inline static Dataset* dataset_ = nullptr;
  RecordingObserver observer_;
};

TEST_F(CodebookRetrainingTest, CodesTheSmallScalesBetter) {
  auto tokenizer = read_tokenizer(file());
  const auto before = quality(tokenizer);
  const auto encoder = tokenizer->named_parameters()["quant_conv.weight"].detach().clone();
  const auto report = retrain(tokenizer, settings(), observer_);
  const auto after = quality(tokenizer);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_LT(after.scales[i].quantisation_error, 0.7 * before.scales[i].quantisation_error)
        << "side " << after.scales[i].side;
  }
  EXPECT_LT(after.scales[3].quantisation_error, 3 * before.scales[3].quantisation_error);
  EXPECT_TRUE(torch::equal(tokenizer->named_parameters()["quant_conv.weight"], encoder));
  EXPECT_GT(report.redrawn, 0);
  EXPECT_GT(report.perplexity, 4);
  const auto& loss = observer_.curves["loss"];
  EXPECT_LT(loss.rbegin()->second, loss.begin()->second);
  EXPECT_EQ(loss.begin()->first, 20);
  EXPECT_EQ(observer_.last_done, 150);
}

TEST_F(CodebookRetrainingTest, ResumesAsIfItHadNotStopped) {
  for (const std::int64_t stop : {12, 60}) {  // while gathering, and later
    auto straight = read_tokenizer(file()), stopped = read_tokenizer(file()), resumed = read_tokenizer(file());
    NullObserver quiet;
    auto training = settings();
    training.steps = 80;
    const auto expected = retrain(straight, training, quiet);
    RecordingObserver observer;
    observer.checkpoint_at = stop;
    observer.cancel_at = stop + 1;
    observer.checkpoint_file = folder().path() / "c.safetensors";
    expect_error(ErrorCode::cancelled, "", [&] { retrain(stopped, training, observer); });
    const auto actual = retrain(resumed, training, quiet, observer.checkpoint_file);
    EXPECT_TRUE(torch::equal(resumed->codebook(), straight->codebook())) << stop;
    EXPECT_EQ(actual.final_loss, expected.final_loss);
    EXPECT_EQ(actual.perplexity, expected.perplexity);
    training.seed = 4;
    expect_error(ErrorCode::invalid_data, "another",
                 [&] { retrain(resumed, training, quiet, observer.checkpoint_file); });
  }
}

TEST_F(CodebookRetrainingTest, ReleasedModeRedrawsNothing) {
  auto tokenizer = read_tokenizer(file());
  auto training = settings();
  training.mode = RetrainMode::released;
  const auto report = retrain(tokenizer, training, observer_);
  EXPECT_EQ(report.redrawn, 0);
  EXPECT_GT(report.final_loss, 0);
}

TEST_F(CodebookRetrainingTest, RefusesSettingsThatCannotBe) {
  auto tokenizer = read_tokenizer(file());
  auto training = settings();
  training.steps = 20;
  expect_error(ErrorCode::invalid_argument, "only gather", [&] { retrain(tokenizer, training, observer_); });
  training = settings();
  training.sides = {1, 4};
  expect_error(ErrorCode::invalid_argument, "images of 8 pixels, but they have 16",
               [&] { retrain(tokenizer, training, observer_); });
  expect_error(ErrorCode::invalid_argument, "unknown mode", [] { parse_retrain_mode("other"); });
}

TEST(LatentStatistics, PoolsBatchesByTheirShare) {
  LatentStatistics fair(false), released(true);
  const auto zeros = torch::zeros({4, 2}), ones = torch::ones({12, 2});
  for (auto* statistics : {&fair, &released}) {
    statistics->add(1, zeros);
    statistics->add(1, ones);
  }
  EXPECT_DOUBLE_EQ(fair.sides().at(1).mean[0].item<double>(), 0.75);
  EXPECT_DOUBLE_EQ(released.sides().at(1).mean[0].item<double>(), 0.2);
  EXPECT_EQ(released.sides().at(1).count, 16);
}

TEST(LatentStatistics, DrawsEverySidesShare) {
  LatentStatistics statistics(false);
  statistics.add(1, torch::tensor({{1.0, 0.0}}));
  statistics.add(8, torch::tensor({{0.0, 1.0}}).expand({9, 2}));
  const auto codes = statistics.draw(torch::randn({20, 2}));
  EXPECT_TRUE(torch::allclose(codes.slice(0, 0, 2), torch::tensor({{1.0F, 0.0F}}).expand({2, 2})));
  EXPECT_TRUE(torch::allclose(codes.slice(0, 2, 20), torch::tensor({{0.0F, 1.0F}}).expand({18, 2})));
  expect_error(ErrorCode::invalid_argument, "1 codes", [&] { statistics.draw(torch::randn({1, 2})); });
}

TEST(CodeUsage, MeasuresVariety) {
  EXPECT_NEAR(perplexity_of(torch::tensor({5, 5, 0, 5, 5})), 4, 1e-12);
  EXPECT_NEAR(perplexity_of(torch::tensor({7, 0})), 1, 1e-12);
  EXPECT_EQ(perplexity_of(torch::zeros({3})), 0);
  CodeUsage usage(torch::zeros({4}, torch::kFloat64));
  for (int i = 0; i < 10; ++i)
    usage.note(torch::tensor({{0, 2}, {2, 2}}, torch::kInt64));
  EXPECT_TRUE(torch::equal(usage.used(), torch::tensor({true, false, true, false})));
  EXPECT_NEAR(usage.perplexity(), std::exp(-0.25 * std::log(0.25) - 0.75 * std::log(0.75)), 1e-9);
}

}  // namespace
}  // namespace checkerlab::model
