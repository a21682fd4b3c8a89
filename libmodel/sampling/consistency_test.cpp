// The block-by-block sampler with its cache against the teacher-forced forward of the whole sequence: along a greedy
// sample every token is the forward's most likely one, whatever the model's shape.
#include <gtest/gtest.h>
#include <torch/types.h>

#include "libmodel/order/scales.hpp"
#include "libmodel/sampling/sampler.hpp"
#include "libmodel/transformer/testing/golden.hpp"

namespace checkerlab::model {
namespace {

struct Shape {
  std::string name;
  int grid = 6;
  std::string ratio = "2";
  int width = 32, heads = 4, layers = 2, mixing = 1;
  std::int64_t steps = 3;
  bool source_projection = true, head_mlp = false;
};

ModelConfig config_of(const Shape& shape) {
  return {.sizes = scale_sizes(shape.grid, parse_ratio(shape.ratio)),
          .classes = 3,
          .codes = 24,
          .code_dim = 4,
          .layers = shape.layers,
          .width = shape.width,
          .heads = shape.heads,
          .hidden = 40,
          .mixing_layers = shape.mixing,
          .source_projection = shape.source_projection,
          .head_mlp = shape.head_mlp};
}

class Consistency : public testing::TestWithParam<Shape> {};

TEST_P(Consistency, greedySamplesAreTheForwardsFirstChoice) {
  const Model model = random_model(config_of(GetParam()));
  const ScaleLayout layout(model.config.sizes);
  const auto labels = torch::tensor({0, 2, 3}, torch::kInt64);
  NullObserver observer;
  const SampleBatch drawn = Sampler(model, torch::kCPU, Precision::fp32)
                                .sample(labels, torch::arange(3, torch::kInt64),
                                        {.steps_per_scale = GetParam().steps, .temperature = 0}, observer);
  TokenBatch batch{.tokens = {}, .sources = {}, .labels = labels};
  for (const torch::Tensor& tokens : drawn.tokens) {
    batch.tokens.push_back(tokens.flatten(1));
  }
  batch.sources = batch.tokens;
  const SequenceTables tables(layout, BlockLayout(layout, partitions_for_steps(layout.sizes, GetParam().steps)),
                              torch::kCPU);
  const auto logits = forward_logits(model, batch, tables);
  const auto chosen = logits.gather(2, sequence_targets(batch, tables).unsqueeze(2)).squeeze(2);
  EXPECT_LE((logits.amax(2) - chosen).max().item<double>(), 1e-4);
  EXPECT_GT(drawn.tokens.back().max().item<std::int64_t>(), drawn.tokens.back().min().item<std::int64_t>());
}

INSTANTIATE_TEST_SUITE_P(Shapes, Consistency,
                         testing::Values(Shape{.name = "plain"}, Shape{.name = "smallRatio", .ratio = "1.3"},
                                         Shape{.name = "ratio2p7", .grid = 7, .ratio = "2.7"},
                                         Shape{.name = "ratio3", .grid = 9, .ratio = "3"},
                                         Shape{.name = "single", .grid = 5, .ratio = "single"},
                                         Shape{.name = "noMixing", .mixing = 0},
                                         Shape{.name = "allMixed", .layers = 3, .mixing = 3},
                                         Shape{.name = "moreMixedThanLayers", .layers = 1, .mixing = 2},
                                         Shape{.name = "oddHeads", .width = 45, .heads = 5},
                                         Shape{.name = "oneHead", .width = 11, .heads = 1},
                                         Shape{.name = "narrowHeads", .width = 24, .heads = 12},
                                         Shape{.name = "oneStep", .steps = 1},
                                         Shape{.name = "tokenByToken", .steps = 36},
                                         Shape{.name = "noProjection", .source_projection = false},
                                         Shape{.name = "headMlp", .head_mlp = true}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace checkerlab::model
