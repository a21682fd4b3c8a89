#include "libmodel/checkpoint/released/released_config.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "libmodel/checkpoint/released/autoencoder_config.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model {
namespace {

ReleasedConfig parse(const std::string& model_lines) {
  return parse_released_config("model:\n  img_size: 256\n  class_cond: true\n" + model_lines, "config.yaml");
}

void refuses(const std::string& model_lines, const std::string& message) {
  expect_error(ErrorCode::invalid_data, message, [&] { parse(model_lines); });
}

ModelConfig published(int layers, int width, int hidden) {
  const ReleasedConfig config =
      parse("  use_head_mlp: false\n  llama_config:\n    hidden_size: " + std::to_string(width) +
            "\n    intermediate_size: " + std::to_string(hidden) +
            "\n    num_attention_heads: 16\n    num_hidden_layers: " + std::to_string(layers));
  return model_config(config, TokenizerConfig{}, 1000, "config.yaml");
}

TEST(ReleasedConfig, CountsThePublishedParameters) {
  EXPECT_EQ(published(12, 512, 1536).parameter_count(), 57'675'872);
  EXPECT_EQ(published(20, 1024, 3072).parameter_count(), 367'574'560);
}

TEST(ReleasedConfig, KnowsWhatKeysMeanThatAreLeftOut) {
  const ReleasedConfig config = parse("");
  EXPECT_EQ(config.scale_ratio, 2);
  EXPECT_EQ(config.smallest_scale, 1);
  EXPECT_EQ(config.classes, std::nullopt);
  EXPECT_TRUE(config.head_mlp);
  EXPECT_EQ(config.mixing_layers, 2);
  EXPECT_EQ(config.blocks_per_scale, 8);
  EXPECT_EQ(config.label_dropout, 0.1);
  EXPECT_EQ(config.source_replacement, 0);
  EXPECT_EQ(config.head_weight_pull, 1e-3);
  EXPECT_FALSE(config.random_block_size);
  EXPECT_EQ(config.layers, 8);
  EXPECT_EQ(config.width, 256);
  EXPECT_EQ(config.heads, 8);
  EXPECT_EQ(config.hidden, 1024);
  EXPECT_EQ(config.norm_epsilon, 1e-6);
  EXPECT_TRUE(config.args.empty());
}

TEST(ReleasedConfig, ReadsNumberOfMixingLayers) {
  EXPECT_EQ(parse("  num_mixing_layers: all\n").mixing_layers, std::nullopt);
  EXPECT_EQ(parse("  num_mixing_layers: null\n").mixing_layers, std::nullopt);
  EXPECT_EQ(parse("  num_mixing_layers:\n").mixing_layers, std::nullopt);
  EXPECT_EQ(parse("  num_mixing_layers: 0\n").mixing_layers, 0);
  EXPECT_EQ(model_config(parse("  num_mixing_layers: all\n"), TokenizerConfig{}, 7, "x").mixing_layers, 8);
}

TEST(ReleasedConfig, ReadsScales) {
  const auto sizes = [](const std::string& lines) {
    return model_config(parse(lines), TokenizerConfig{}, 7, "x").sizes;
  };
  EXPECT_EQ(sizes("  single_scale: true\n"), std::vector{16});
  EXPECT_EQ(sizes("  scale_ratio: 3\n"), (std::vector{1, 2, 5, 16}));
  EXPECT_EQ(sizes("  scale_ratio: 1.414\n"), (std::vector{1, 2, 3, 4, 6, 8, 11, 16}));
  EXPECT_EQ(sizes("  scale_min_size: 4\n"), (std::vector{4, 8, 16}));
}

TEST(ReleasedConfig, RoundsTheHiddenWidthAsTheReleasedCodeDoes) {
  EXPECT_EQ(released_hidden(512, 1536), 1536);
  EXPECT_EQ(released_hidden(1024, 3072), 3072);
  EXPECT_EQ(released_hidden(32, 200), 256);
  EXPECT_EQ(released_hidden(512, std::nullopt), 1536);   // 1365 rounded up
  EXPECT_EQ(released_hidden(1024, std::nullopt), 2816);  // 2730 rounded up
}

TEST(ReleasedConfig, RefusesWhatItDoesNotBuild) {
  refuses("  llama_config: {num_attention_heads: 8, num_key_value_heads: 2}\n",
          "config.yaml: model.llama_config.num_key_value_heads differs from num_attention_heads (8)");
  refuses("  llama_config: {hidden_size: 64, class_embedding_dim: 32}\n",
          "class_embedding_dim differs from hidden_size");
  refuses("  rope_scaling: 2\n", "model.rope_scaling is not a key that is known");
  refuses("  llama_config: {hidden_act: gelu}\n", "model.llama_config.hidden_act is not a key that is known");
  refuses("  scale_ratio: 1\n", "model.scale_ratio must be above 1");
  refuses("  num_classes: many\n", "model.num_classes is not a whole number");
  refuses("  num_classes: 0\n", "model.num_classes is 0, it goes from 1");
  refuses("  use_head_mlp: 3\n", "model.use_head_mlp is neither true nor false");
  expect_error(ErrorCode::invalid_data, "model.img_size is missing",
               [] { parse_released_config("model: {class_cond: true}", "config.yaml"); });
  expect_error(ErrorCode::invalid_data, "model.class_cond is not true",
               [] { parse_released_config("model: {img_size: 256}", "config.yaml"); });
}

TEST(ReleasedConfig, RefusesBrokenFiles) {
  expect_error(ErrorCode::invalid_data, "config.yaml:3: broken YAML",
               [] { parse_released_config("model:\n  a: [1, 2\n", "config.yaml"); });
  expect_error(ErrorCode::invalid_data, "holds no keys", [] { parse_released_config("", "config.yaml"); });
  expect_error(ErrorCode::invalid_data, "model is missing", [] { parse_released_config("args: {}", "config.yaml"); });
  expect_error(ErrorCode::invalid_data, "given twice",
               [] { parse_released_config("model: {a: 1, a: 2}", "config.yaml"); });
  expect_error(ErrorCode::invalid_data, "broken YAML",
               [] { parse_released_config(std::string(100000, '['), "config.yaml"); });
}

TEST(ReleasedConfig, RefusesAnImageThatIsNoMultipleOfTheStride) {
  const ReleasedConfig config = parse_released_config("model: {img_size: 250, class_cond: true}", "config.yaml");
  expect_error(ErrorCode::invalid_data, "250 is not a multiple of the tokenizer's stride 16",
               [&] { model_config(config, TokenizerConfig{}, 10, "config.yaml"); });
}

TEST(ReleasedConfig, WritesWhatItReads) {
  ModelConfig model = published(3, 512, 1536);
  for (const std::vector<int>& sizes :
       {std::vector{1, 2, 4, 8, 16}, std::vector{1, 2, 3, 4, 6, 8, 11, 16}, std::vector{16}, std::vector{1, 4, 16},
        std::vector{4, 8, 16}, std::vector{1, 2, 5, 14}}) {
    model.sizes = sizes;
    model.mixing_layers = 0;
    model.norm_epsilon = 1e-5;
    const std::string text = released_config_text(model, TokenizerConfig{}, {{"lr", 1e-4}, {"epochs", 110}});
    const ReleasedConfig back = parse_released_config(text, "config.yaml");
    EXPECT_EQ(model_config(back, TokenizerConfig{}, 1000, "x"), model) << text;
    EXPECT_EQ(back.args["lr"], 1e-4);
  }
  model.hidden = 1000;
  expect_error(ErrorCode::invalid_argument, "not a multiple of 256",
               [&] { released_config_text(model, TokenizerConfig{}, {}); });
}

TEST(AutoencoderConfig, WritesWhatItReads) {
  TokenizerConfig config;
  config.multipliers = {1, 1, 2, 2, 4};
  EXPECT_EQ(
      parse_autoencoder_config("model: {params: {embed_dim: 8, n_embed: 4096, normalize: true, ddconfig: {}}}", "a"),
      config);
  config.channels = 64;
  config.multipliers = {1, 2, 2};
  config.stride = 4;
  config.codes = 100;
  EXPECT_EQ(parse_autoencoder_config(autoencoder_config_text(config), "a"), config);
  config.groups = 16;
  expect_error(ErrorCode::invalid_argument, "32 normalisation groups", [&] { autoencoder_config_text(config); });
}

TEST(AutoencoderConfig, RefusesWhatItDoesNotBuild) {
  const auto refuses = [](const std::string& params, const std::string& message) {
    expect_error(ErrorCode::invalid_data, message, [&] {
      parse_autoencoder_config("model: {params: {embed_dim: 8, n_embed: 128, " + params + "}}", "a.yaml");
    });
  };
  refuses("ddconfig: {}", "a.yaml: model.params.normalize is not true");
  refuses("normalize: true", "model.params.ddconfig is missing");
  refuses("normalize: true, ddconfig: {norm_type: batch}", "ddconfig.norm_type is not 'group'");
  refuses("normalize: true, ddconfig: {ch: 24}", "not a multiple of the 32 normalisation groups");
  refuses("normalize: true, ddconfig: {ch_mult: two}", "ch_mult is not a list");
  refuses("normalize: true, ddconfig: {kernel: 5}", "kernel is not a key that is known");
}

}  // namespace
}  // namespace checkerlab::model
