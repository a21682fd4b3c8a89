#include "libmodel/training/batches.hpp"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "base/error.hpp"
#include "libmodel/data/token_set.hpp"
#include "libmodel/transformer/testing/golden.hpp"

namespace checkerlab::model {
namespace {

class Batches : public testing::Test {
 protected:
  Batches() {
    config.model = small_model({1, 4}, 30).config;
    tokens.codebook = small_model({1, 4}, 30).codebook;
    tokens.labels = torch::arange(10, torch::kInt64).remainder(5);
    for (const int side : {1, 4}) {
      // Token = 3 · item + crop, at every place.
      tokens.tokens[side] = torch::arange(30, torch::kInt16).view({10, 3, 1}).expand({10, 3, side * side}).contiguous();
    }
  }
  TrainConfig config{.steps = 1, .batch = 5, .learning_rate = 1, .seed = 3};
  TokenSet tokens;
};

TEST_F(Batches, everyEpochSeesEveryItemOnceInAnotherOrder) {
  BatchSource source(config, tokens, torch::kCPU);
  std::vector<std::vector<std::int64_t>> epochs(2);
  std::set<std::int64_t> crops;
  for (int step = 0; step < 4; ++step) {
    const auto rows = source.batch(step).tokens[1].select(1, 0);
    for (int i = 0; i < 5; ++i) {
      const auto token = rows[i].item<std::int64_t>();
      epochs[static_cast<std::size_t>(step / 2)].push_back(token / 3);
      crops.insert(token % 3);
    }
  }
  for (const auto& epoch : epochs) {
    EXPECT_EQ(std::set<std::int64_t>(epoch.begin(), epoch.end()).size(), 10U);
  }
  EXPECT_NE(epochs[0], epochs[1]);
  EXPECT_EQ(crops.size(), 3U);
}

TEST_F(Batches, aStepsBatchDoesNotDependOnWhatWasAskedBefore) {
  config.source_replacement = 0.5;
  config.label_dropout = 0.5;
  BatchSource forward(config, tokens, torch::kCPU), direct(config, tokens, torch::kCPU);
  for (int step = 0; step < 7; ++step) {
    forward.batch(step);
  }
  const auto a = forward.batch(7), b = direct.batch(7);
  EXPECT_TRUE(torch::equal(a.tokens[1], b.tokens[1]));
  EXPECT_TRUE(torch::equal(a.sources[0], b.sources[0]));
  EXPECT_TRUE(torch::equal(a.labels, b.labels));
}

TEST_F(Batches, labelsBelongToTheirItemsAndAreDroppedAtTheirRate) {
  config.batch = 2000;
  BatchSource plain(config, tokens, torch::kCPU);
  const auto batch = plain.batch(0);
  EXPECT_TRUE(torch::equal(batch.labels, batch.tokens[1].select(1, 0).floor_divide(3).remainder(5)));
  config.label_dropout = 0.2;
  BatchSource dropping(config, tokens, torch::kCPU);
  EXPECT_NEAR(dropping.batch(0).labels.eq(5).to(torch::kDouble).mean().item<double>(), 0.2, 0.04);
}

TEST_F(Batches, onlySourcesAreReplacedAtTheirRate) {
  config.batch = 3000;
  config.source_replacement = 0.3;
  BatchSource source(config, tokens, torch::kCPU);
  const auto batch = source.batch(0);
  // A replacement is the code itself once in thirty times.
  EXPECT_NEAR(batch.sources[0].ne(batch.tokens[0]).to(torch::kDouble).mean().item<double>(), 0.29, 0.035);
  EXPECT_TRUE(torch::equal(batch.sources[1], batch.tokens[1]));
  EXPECT_LT(batch.sources[0].max().item<std::int64_t>(), 30);
}

TEST_F(Batches, blockSizesAreDrawnAnewUnlessFixed) {
  BatchSource source(config, tokens, torch::kCPU);
  std::set<std::int64_t> prefixes;
  for (int step = 0; step < 100; ++step) {
    prefixes.insert(source.tables(step).mask[2].sum().item<std::int64_t>());
  }
  EXPECT_EQ(prefixes.size(), 7U);
  config.fixed_steps_per_scale = 4;
  BatchSource fixed(config, tokens, torch::kCPU);
  EXPECT_TRUE(torch::equal(fixed.tables(0).mask, fixed.tables(1).mask));
}

// Frequencies over many batches against the probabilities that the reference's rule has.
TEST_F(Batches, blockSizesAreDrawnWithTheirProbabilities) {
  constexpr int kBatches = 40000;
  const int side = 8;
  config.model.sizes = {side};
  tokens.tokens = {{side, torch::zeros({10, 3, side * side}, torch::kInt16)}};
  const BatchSource source(config, tokens, torch::kCPU);
  std::map<std::string, int> counts;
  int remainders = 0, joined = 0;
  for (int number = 0; number < kBatches; ++number) {
    const BlockPartition cut = source.partitions(number).at(0);
    ++counts[std::to_string(cut.block_size)];
    if (cut.remainder() == 0) continue;
    ++remainders;
    joined += cut.remainder_joins ? 1 : 0;
  }
  std::ifstream stream(CHECKERLAB_TEST_DATA "/golden_model/orders.json");
  const auto expected = nlohmann::json::parse(stream).at("train_block_probability").at(std::to_string(side));
  ASSERT_EQ(counts.size(), expected.size());
  for (const auto& [size, probability] : expected.items()) {
    const double p = probability, deviation = std::sqrt(p * (1 - p) / kBatches);
    EXPECT_NEAR(static_cast<double>(counts[size]) / kBatches, p, 4.5 * deviation) << "block size " << size;
  }
  EXPECT_NEAR(static_cast<double>(joined) / remainders, 0.5, 4.5 * std::sqrt(0.25 / remainders));
}

// The draws of a batch do not depend on how many ranks share it.
TEST_F(Batches, ranksMakeTheSharesOfOneBatch) {
  config.batch = 6;
  config.source_replacement = 0.5;
  config.label_dropout = 0.5;
  const auto whole = BatchSource(config, tokens, torch::kCPU).batch(3);
  std::vector<at::Tensor> rows, sources, labels;
  for (int rank = 0; rank < 3; ++rank) {
    BatchSource source(config, tokens, torch::kCPU, {rank, 3});
    const auto share = source.batch(3);
    EXPECT_EQ(share.labels.size(0), 2);
    rows.push_back(share.tokens[1]);
    sources.push_back(share.sources[0]);
    labels.push_back(share.labels);
  }
  EXPECT_TRUE(torch::equal(torch::cat(rows), whole.tokens[1]));
  EXPECT_TRUE(torch::equal(torch::cat(sources), whole.sources[0]));
  EXPECT_TRUE(torch::equal(torch::cat(labels), whole.labels));
  EXPECT_THROW(BatchSource(config, tokens, torch::kCPU, {0, 4}), Error);
}

}  // namespace
}  // namespace checkerlab::model
