#include "libmodel/checkpoint/released/adopt_weights.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "libmodel/modules/testing/expect_error.hpp"
#include "libmodel/transformer/testing/golden.hpp"

namespace checkerlab::model {
namespace {

using testing::HasSubstr;

TEST(AdoptWeights, KeepsFreshTablesOfOtherScales) {
  const Model source = small_model({1, 2, 4});
  Model model = small_model({1, 4});
  const at::Tensor fresh_rope = model.weights.rope.clone(), fresh_positions = model.weights.embed_positions.clone();
  const std::vector<std::string> messages = adopt_weights(model, source);
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_THAT(
      messages[0],
      HasSubstr("embed_positions.weight keeps its fresh values: it is [17, 32] here and [21, 32] in the other"));
  EXPECT_THAT(messages[1], HasSubstr("position_embeddings"));
  EXPECT_TRUE(model.weights.rope.equal(fresh_rope));
  EXPECT_TRUE(model.weights.embed_positions.equal(fresh_positions));
  EXPECT_TRUE(model.weights.layers[1].w2.equal(source.weights.layers[1].w2));
  EXPECT_NE(model.weights.layers[1].w2.const_data_ptr(), source.weights.layers[1].w2.const_data_ptr());
}

TEST(AdoptWeights, KeepsAFreshTableOfOtherClasses) {
  const Model source = small_model({1, 2});
  ModelConfig config = source.config;
  config.classes = 9;
  Model model = fresh_model(config, source.codebook, 4);
  EXPECT_THAT(adopt_weights(model, source), testing::ElementsAre(HasSubstr("class_embeddings.weight")));
  EXPECT_EQ(model.weights.class_embeddings.size(0), 10);
}

TEST(AdoptWeights, GivesTheIdentityWhereTheSourceHasNoProjection) {
  const Model full = small_model({1, 2});
  ModelConfig config = full.config;
  config.source_projection = false;
  const Model source = fresh_model(config, full.codebook, 4);
  Model model = fresh_model(full.config, full.codebook, 5);
  EXPECT_TRUE(adopt_weights(model, source).empty());
  EXPECT_TRUE(model.weights.source_weight.equal(torch::eye(32)));
  EXPECT_TRUE(model.weights.source_bias.equal(torch::zeros({32})));
}

TEST(AdoptWeights, RefusesAnotherStructureAndChangesNothing) {
  const Model source = small_model({1, 2});
  ModelConfig config = source.config;
  config.layers = 1;
  config.hidden = 96;
  Model model = fresh_model(config, source.codebook, 4);
  const at::Tensor before = model.weights.head_weight.clone();
  expect_error(ErrorCode::invalid_data, "llama.layers.0.feed_forward.w1.weight is [48, 32], not [96, 32]",
               [&] { adopt_weights(model, source); });
  expect_error(ErrorCode::invalid_data, "llama.layers.1.attention.wqkv.weight", [&] { adopt_weights(model, source); });
  EXPECT_TRUE(model.weights.head_weight.equal(before));
}

}  // namespace
}  // namespace checkerlab::model
