// config.yaml of a released run: the model's structure and the training's arguments.
//
// Keys that may be missing and what they then are: scale_min_size 1, scale_ratio 2, num_blocks_per_scale 8,
// uncond_training_prob 0.1, random_replace 0, random_replace_sampled false, random_block_size false, use_head_mlp true,
// head_weights_l2_loss 1e-3, num_mixing_layers 2 (all and null: every layer), single_scale false; in llama_config:
// rms_norm_eps 1e-6, num_key_value_heads = heads, class_embedding_dim = hidden_size, intermediate_size 8/3 of the
// width; llama_config itself: 8 layers of width 256 with 8 heads and intermediate_size 1024.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "libmodel/tokenizer/config.hpp"
#include "libmodel/transformer/config.hpp"

namespace checkerlab::model {

struct ReleasedConfig {
  int image_size = 0;                     // pixels along a side
  std::optional<double> scale_ratio = 2;  // nothing: a single scale
  int smallest_scale = 1;                 // side in tokens
  std::optional<int> classes;             // released configurations leave it to the checkpoint
  int layers = 0, width = 0, heads = 0;
  int hidden = 0;                        // width of the feed-forward layer after rounding
  std::optional<int> mixing_layers = 2;  // nothing: every layer
  bool head_mlp = true;
  double norm_epsilon = 1e-6;
  double head_weight_pull = 1e-3;  // strength of the head perceptron's extra gradient
  int blocks_per_scale = 8;        // steps per scale that sampling uses when nothing else is said
  double label_dropout = 0.1;
  double source_replacement = 0;
  bool replace_with_targets = false;  // random_replace_sampled
  bool random_block_size = false;
  std::string tokenizer_config, tokenizer_checkpoint;  // paths as they stand there; empty: none
  nlohmann::json args = nlohmann::json::object();      // the section `args`
  std::string text;                                    // the file as it is
};

// Throws Error(invalid_data) naming `where` and the key: broken YAML, unknown or missing keys, wrong types, and what
// this program does not build (num_key_value_heads other than the heads, class_embedding_dim other than the width,
// class_cond false).
ReleasedConfig parse_released_config(const std::string& text, const std::string& where);
ReleasedConfig read_released_config(const std::filesystem::path& file);

// The feed-forward width that the released code builds for a width and an intermediate_size (nothing: not given).
int released_hidden(int width, std::optional<double> intermediate_size);

// What the model is, given its tokenizer and the number of classes that the weights have. Throws
// Error(invalid_argument, invalid_data), for example when the image size is not a multiple of the stride.
ModelConfig model_config(const ReleasedConfig& config, const TokenizerConfig& tokenizer, int classes,
                         const std::string& where);

// config.yaml for a model: what the released code needs to build it, and the arguments. Throws Error(invalid_argument)
// for models that it cannot build.
std::string released_config_text(const ModelConfig& model, const TokenizerConfig& tokenizer,
                                 const nlohmann::json& args);

}  // namespace checkerlab::model
