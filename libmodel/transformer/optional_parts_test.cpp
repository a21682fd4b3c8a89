// Models without a source projection, with a head perceptron, and with heads of odd width.
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "libmodel/transformer/head.hpp"
#include "libmodel/transformer/testing/golden.hpp"

namespace checkerlab::model {
namespace {

Model variant(bool source_projection, bool head_mlp) {
  ModelConfig config = small_model({1, 2, 4}).config;
  config.source_projection = source_projection;
  config.head_mlp = head_mlp;
  return random_model(config);
}

TokenBatch some_tokens(const ModelConfig& config) {
  TokenBatch batch{.tokens = {}, .sources = {}, .labels = torch::tensor({1, 4}, torch::kInt64)};
  for (const int side : config.sizes) {
    batch.tokens.push_back(torch::arange(2 * side * side, torch::kInt64).view({2, -1}) * 7 % config.codes);
  }
  batch.sources = batch.tokens;
  return batch;
}

SequenceTables tables(const ModelConfig& config) {
  const ScaleLayout layout(config.sizes);
  return {layout, BlockLayout(layout, partitions_for_steps(layout.sizes, 3)), torch::kCPU};
}

TEST(OptionalParts, noSourceProjectionIsTheIdentity) {
  const Model model = variant(false, false), extended = with_source_projection(model);
  EXPECT_TRUE(extended.config.source_projection);
  const auto batch = some_tokens(model.config);
  const auto plain = forward_logits(model, batch, tables(model.config));
  EXPECT_LE(largest_difference(plain, forward_logits(extended, batch, tables(model.config))), 1e-5);
  EXPECT_GT(largest_difference(plain, forward_logits(variant(true, false), batch, tables(model.config))), 0.1);
}

TEST(OptionalParts, theHeadPerceptronAddsToTheRows) {
  const Model model = variant(true, true);
  Model folded = model;
  folded.config.head_mlp = false;
  folded.weights.head_weight = head_rows(model.weights, model.codebook);
  const auto batch = some_tokens(model.config);
  const auto logits = forward_logits(model, batch, tables(model.config));
  folded.weights.head_mlp0_weight = torch::Tensor();
  EXPECT_LE(largest_difference(logits, forward_logits(folded, batch, tables(model.config))), 1e-5);
  folded.weights.head_weight = model.weights.head_weight;
  EXPECT_GT(largest_difference(logits, forward_logits(folded, batch, tables(model.config))), 0.1);
}

// The pull's gradient is that of pull / 2 · |outputs|², and the learned rows do not feel it.
TEST(OptionalParts, theHeadPullIsAGradientWithoutALoss) {
  constexpr double kPull = 0.3;
  const auto gradients = [](double pull, bool as_loss) {
    Model model = variant(true, true);
    ModelWeights& w = model.weights;
    for (auto* tensor : {&w.head_mlp0_weight, &w.head_mlp4_weight, &w.head_weight}) {
      tensor->requires_grad_(true);
    }
    const auto rows = head_rows(w, model.codebook, pull);
    auto loss = rows.sin().sum();
    if (as_loss) loss = loss + kPull / 2 * (rows - w.head_weight.detach()).square().sum();
    loss.backward();
    return std::vector<torch::Tensor>{w.head_mlp0_weight.grad(), w.head_mlp4_weight.grad(), w.head_weight.grad()};
  };
  const auto pulled = gradients(kPull, false), expected = gradients(0, true), plain = gradients(0, false);
  EXPECT_LE(largest_difference(pulled[0], expected[0]), 2e-3);
  EXPECT_LE(largest_difference(pulled[1], expected[1]), 2e-3);
  EXPECT_GT(largest_difference(pulled[1], plain[1]), 0.1);
  EXPECT_TRUE(torch::equal(pulled[2], plain[2]));
}

TEST(OptionalParts, surviveTheirFile) {
  const TemporaryFolder folder;
  const Model model = variant(false, true);
  save_model(folder.path() / "model", model);
  const Model loaded = load_model(folder.path() / "model", torch::kCPU);
  EXPECT_EQ(loaded.config, model.config);
  EXPECT_TRUE(torch::equal(loaded.weights.head_mlp4_weight, model.weights.head_mlp4_weight));
  EXPECT_FALSE(loaded.weights.source_weight.defined());
}

TEST(OptionalParts, freshHeadPerceptronsStartAsLinearLayersDo) {
  const ModelWeights weights = initial_weights(variant(true, true).config, 3);
  EXPECT_NEAR(weights.head_mlp0_weight.abs().max().item<double>(), 1 / std::sqrt(4.0), 0.02);
  EXPECT_NEAR(weights.head_mlp4_weight.abs().max().item<double>(), 1 / std::sqrt(64.0), 0.002);
}

}  // namespace
}  // namespace checkerlab::model
