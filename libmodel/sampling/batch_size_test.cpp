#include "libmodel/sampling/batch_size.hpp"

#include <c10/util/Exception.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "libmodel/order/scales.hpp"
#include "libmodel/testing/recording_observer.hpp"

namespace checkerlab::model {
namespace {

using Parts = std::vector<std::pair<std::int64_t, std::int64_t>>;

[[noreturn]] void run_out_of_memory() {
  throw c10::OutOfMemoryError({__func__, __FILE__, __LINE__}, "CUDA out of memory");
}

void no_trial(std::int64_t) {}

TEST(RunInBatches, coversEverySampleOnce) {
  RecordingObserver observer;
  Parts parts;
  run_in_batches(
      10, 21, {.batch = 4, .fixed = true}, observer, [&](auto begin, auto count) { parts.emplace_back(begin, count); },
      no_trial);
  EXPECT_EQ(parts, (Parts{{10, 4}, {14, 4}, {18, 3}}));
  EXPECT_EQ(observer.last_done, 11);
}

TEST(RunInBatches, repeatsAPartWithASmallerBatchWhenMemoryRunsOut) {
  RecordingObserver observer;
  Parts parts;
  const auto work = [&](std::int64_t begin, std::int64_t count) {
    if (count > 3) run_out_of_memory();
    parts.emplace_back(begin, count);
  };
  run_in_batches(0, 7, {.batch = 8}, observer, work, no_trial);
  EXPECT_EQ(parts, (Parts{{0, 3}, {3, 3}, {6, 1}}));
  EXPECT_EQ(observer.lines.size(), 1U);
}

TEST(RunInBatches, aFixedBatchIsRefusedWithOneThatMayFit) {
  NullObserver observer;
  try {
    run_in_batches(
        0, 100, {.batch = 64, .fixed = true}, observer, [](auto, auto) { run_out_of_memory(); }, no_trial);
    FAIL() << "was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::out_of_memory);
    EXPECT_NE(error.full_text().find("64 images at once"), std::string::npos) << error.full_text();
    EXPECT_NE(error.full_text().find("Set the batch to 32"), std::string::npos) << error.full_text();
  }
}

TEST(RunInBatches, oneSampleThatDoesNotFitEndsIt) {
  NullObserver observer;
  try {
    run_in_batches(
        0, 4, {.batch = 2}, observer, [](auto, auto) { run_out_of_memory(); }, no_trial);
    FAIL() << "was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::out_of_memory);
  }
}

TEST(RunInBatches, otherErrorsPassThrough) {
  NullObserver observer;
  EXPECT_THROW(run_in_batches(
                   0, 4, {.batch = 2}, observer, [](auto, auto) { throw std::runtime_error("else"); }, no_trial),
               std::runtime_error);
}

TEST(BatchSize, publishedModelsFitManySamplesIntoAGpu) {
  const ModelConfig small{.sizes = scale_sizes(16, 2.0),
                          .classes = 1000,
                          .codes = 4096,
                          .code_dim = 8,
                          .layers = 12,
                          .width = 512,
                          .heads = 16,
                          .hidden = 1536,
                          .mixing_layers = 2};
  TokenizerConfig tokenizer;
  tokenizer.multipliers = {1, 1, 2, 2, 4};
  const auto guided = bytes_per_sample(small, tokenizer, Precision::fp32, true);
  EXPECT_GT(guided, bytes_per_sample(small, tokenizer, Precision::fp32, false));
  EXPECT_GT(guided, bytes_per_sample(small, tokenizer, Precision::bf16, true));
  EXPECT_EQ(batch_for(std::int64_t{100} << 30, guided), 256);
  EXPECT_EQ(batch_for(1 << 20, guided), 1);
  EXPECT_GT(free_bytes(c10::kCPU), 0);
}

}  // namespace
}  // namespace checkerlab::model
