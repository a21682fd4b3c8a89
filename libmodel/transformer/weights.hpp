// The trainable tensors of a model, under the names that the released checkpoints use.
// All fp32, shapes below with C = width, T = tokens over all scales, K = classes, V = codes, D = code_dim, d = head
// dimension, F = hidden, M = max(64, D). Linear weights are [out, in]. Tensors that the configuration does
// not have are undefined.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "libmodel/transformer/config.hpp"

namespace checkerlab::model {

struct LayerWeights {
  at::Tensor wqkv;                      // [3C, C], rows q, k, v
  at::Tensor wo;                        // [C, C]
  at::Tensor w1, w3;                    // [F, C]
  at::Tensor w2;                        // [C, F]
  at::Tensor attention_norm, ffn_norm;  // [C]
  at::Tensor input_weight, input_bias;  // [2C, C], [2C]: AdaLN after attention_norm, rows shift then scale
  at::Tensor post_weight, post_bias;    // the same after ffn_norm
};

struct ModelWeights {
  at::Tensor class_embeddings;              // [K + 1, C]
  at::Tensor embed_positions;               // [T, C]
  at::Tensor mlp0_weight, mlp0_bias;        // [M, D], [M]
  at::Tensor mlp2_weight, mlp2_bias;        // [M, M], [M]
  at::Tensor mlp4_weight, mlp4_bias;        // [C, M], [C]
  at::Tensor source_weight, source_bias;    // [C, C], [C]; undefined without a source projection
  at::Tensor combine_weight, combine_bias;  // [C, 4C], columns pos, src, prev_pos, prev_tok
  at::Tensor empty_token, empty_position;   // [C]
  std::vector<LayerWeights> layers;
  at::Tensor norm;    // [C]
  at::Tensor rope;    // [T + 2, 2d], (re, im) interleaved, not normalised; rows T class token, T + 1 empty
  at::Tensor mixing;  // [mixing_layers, heads]; undefined without mixed layers
  at::Tensor head_mlp0_weight, head_mlp0_bias;  // [M, D], [M]; these five are undefined without a head perceptron
  at::Tensor head_mlp2_weight, head_mlp2_bias;  // [M, M], [M]
  at::Tensor head_mlp4_weight;                  // [C, M]
  at::Tensor head_weight, head_bias;            // [V, C], [V]

  using Visitor =
      std::function<void(const std::string& name, at::Tensor& tensor, const std::vector<std::int64_t>& shape)>;
};

// Calls the visitor for every parameter the configuration has, in a fixed order.
void visit_weights(const ModelConfig& config, ModelWeights& weights, const ModelWeights::Visitor& visitor);

// Fresh start values as the released code draws them (N(0, 0.02) inside the transformer, U(±1/√fan_in) and N(0, 1)
// outside it, zero empties and head, ones for norms), on the CPU, each parameter a function of (seed, its name).
ModelWeights initial_weights(const ModelConfig& config, std::uint64_t seed);

// Start values of the rotary table, [T + 2, 2d].
at::Tensor initial_rope(const ModelConfig& config);

}  // namespace checkerlab::model
