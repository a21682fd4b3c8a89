// A tokenizer of stride 2 that fits a small model, with fixed random weights.
#pragma once

#include <torch/types.h>
#include <torch/utils.h>

#include "libmodel/tokenizer/vq_tokenizer.hpp"
#include "libmodel/transformer/config.hpp"

namespace checkerlab::model {

inline VqTokenizer small_tokenizer(const ModelConfig& model) {
  TokenizerConfig config;
  config.stride = 2;
  config.channels = 8;
  config.multipliers = {1, 2};
  config.res_blocks = 1;
  config.z_channels = 8;
  config.codes = model.codes;
  config.code_dim = model.code_dim;
  config.groups = 2;
  torch::manual_seed(11);
  VqTokenizer tokenizer(config);
  tokenizer->eval();
  return tokenizer;
}

}  // namespace checkerlab::model
