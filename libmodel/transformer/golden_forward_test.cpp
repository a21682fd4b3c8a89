// The teacher-forced forward against the reference implementation; tolerances as documented beside the golden data.
#include <gtest/gtest.h>

#include <map>

#include "libmodel/transformer/inputs.hpp"
#include "libmodel/transformer/rotary.hpp"
#include "libmodel/transformer/testing/golden.hpp"

namespace checkerlab::model {
namespace {

constexpr double kRopeTolerance = 5e-6, kEmbedTolerance = 1e-5, kHiddenTolerance = 1e-4, kLogitTolerance = 5e-5,
                 kLossTolerance = 1e-5;

class GoldenForward : public testing::TestWithParam<std::string> {
 protected:
  const GoldenCase& golden() const { return golden_case(GetParam()); }
  // Block ids as the reference numbers them: 0 for the class token.
  torch::Tensor block_ids(const BlockLayout& blocks) const {
    std::vector<std::int64_t> ids{0};
    for (std::size_t i = 0; i < blocks.blocks.size(); ++i) {
      ids.insert(ids.end(), static_cast<std::size_t>(blocks.blocks[i].end - blocks.blocks[i].begin),
                 static_cast<std::int64_t>(i) + 1);
    }
    return torch::tensor(ids, torch::kInt64);
  }
  // Rows of the rotary table, with the reference's −1 for the class token and −2 for "empty".
  torch::Tensor previous_order(const SequenceTables& tables) const {
    const std::int64_t length = golden().model.config.tokens();
    auto rows = tables.previous_rows.clone();
    rows.masked_fill_(tables.previous_rows == length, -1);
    return rows.masked_fill_(tables.previous_rows == length + 1, -2);
  }
};

TEST_P(GoldenForward, sequenceOrderAndBlocks) {
  const ScaleLayout layout(golden().model.config.sizes);
  EXPECT_TRUE(torch::equal(torch::tensor(layout.order, torch::kInt64), golden().at("order")));
  for (const int steps : {1, 4, 8}) {
    const BlockLayout blocks(layout, partitions_for_steps(layout.sizes, steps));
    const auto suffix = "." + std::to_string(steps);
    EXPECT_TRUE(torch::equal(block_ids(blocks), golden().at("block_ids" + suffix)));
    EXPECT_TRUE(torch::equal(previous_order(golden().tables(steps)), golden().at("prev_order" + suffix)));
  }
}

TEST_P(GoldenForward, rotaryTables) {
  const Model& model = golden().model;
  EXPECT_LE(largest_difference(unit_rope_table(model.weights.rope), golden().at("rope_table")), kRopeTolerance);
  EXPECT_LE(largest_difference(unit_rope_table(initial_rope(model.config)), golden().at("fresh_rope_table")),
            kRopeTolerance);
}

TEST_P(GoldenForward, rmsNorm) {
  const auto out = torch::rms_norm(golden().at("rmsnorm.in"), {golden().model.config.width},
                                   golden().model.weights.layers[0].attention_norm, golden().model.config.norm_epsilon);
  EXPECT_LE(largest_difference(out, golden().at("rmsnorm.out")), 5e-6);
}

TEST_P(GoldenForward, inputsAndLayers) {
  const GoldenCase& g = golden();
  std::map<std::string, torch::Tensor> seen;
  forward_logits(g.model, g.batch(), g.tables(4),
                 [&](const std::string& name, const at::Tensor& value) { seen[name] = value; });
  const ScaleLayout layout(g.model.config.sizes);
  for (std::size_t i = 0; i < layout.sizes.size(); ++i) {
    const auto expected = g.at("upscaled." + std::to_string(layout.sizes[i])).flatten(2).transpose(1, 2);
    const auto scan = torch::tensor(layout.order, torch::kInt64).slice(0, layout.offsets[i], layout.offsets[i + 1]);
    const auto actual = seen["upscaled"].slice(1, layout.offsets[i], layout.offsets[i + 1]);
    EXPECT_LE(largest_difference(actual, expected.index_select(1, scan - layout.offsets[i])), kEmbedTolerance);
  }
  EXPECT_LE(largest_difference(seen["source"], g.at("embed.src")), kEmbedTolerance);
  EXPECT_LE(largest_difference(seen["combined"], g.at("combined.4")), kHiddenTolerance);
  for (int i = 0; i < g.model.config.layers; ++i) {
    const auto layer = std::to_string(i);
    EXPECT_LE(largest_difference(seen["layer" + layer].slice(0, 0, 1), g.at("hidden.P4.layer" + layer)),
              kHiddenTolerance);
  }
  EXPECT_LE(largest_difference(seen["final"].slice(0, 0, 1), g.at("hidden.P4.final")), kHiddenTolerance);
}

TEST_P(GoldenForward, embeddings) {
  const GoldenCase& g = golden();
  const auto order = torch::tensor(ScaleLayout(g.model.config.sizes).order, torch::kInt64);
  const ModelWeights& w = g.model.weights;
  EXPECT_TRUE(torch::equal(w.class_embeddings.index_select(0, g.batch().labels), g.at("embed.class")));
  EXPECT_TRUE(torch::equal(w.embed_positions.index_select(0, order), g.at("embed.pos")));
}

TEST_P(GoldenForward, logitsAndLoss) {
  const GoldenCase& g = golden();
  for (const int steps : {1, 4, 8}) {
    const auto tables = g.tables(steps);
    const auto logits = forward_logits(g.model, g.batch(), tables);
    const auto& expected = g.at("logits." + std::to_string(steps));
    EXPECT_LE(largest_difference(logits.slice(0, 0, expected.size(0)), expected), kLogitTolerance) << "P " << steps;
    const auto loss = sequence_loss(logits, sequence_targets(g.batch(), tables));
    EXPECT_NEAR(loss.item<double>(), g.at("loss." + std::to_string(steps)).item<double>(), kLossTolerance);
  }
}

TEST_P(GoldenForward, remaindersThatJoinTheLastBlock) {
  const GoldenCase& g = golden();
  if (!g.has("fold.4.logits")) GTEST_SKIP() << "no scale of this case has a remainder";
  const auto tables = g.tables(4, /*remainder_joins=*/true);
  EXPECT_TRUE(torch::equal(previous_order(tables), g.at("fold.4.prev_order")));
  const auto logits = forward_logits(g.model, g.batch(), tables);
  EXPECT_LE(largest_difference(logits.slice(0, 0, 1), g.at("fold.4.logits")), kLogitTolerance);
  const auto loss = sequence_loss(logits, sequence_targets(g.batch(), tables));
  EXPECT_NEAR(loss.item<double>(), g.at("fold.4.loss").item<double>(), kLossTolerance);
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenForward, testing::ValuesIn(kGoldenCases),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace checkerlab::model
