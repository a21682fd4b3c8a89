// Weights as the sampler uses them: in the compute type, with everything that depends on the class or the position
// alone multiplied out once. Immutable after construction.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "libmodel/transformer/inputs.hpp"
#include "libmodel/transformer/model.hpp"
#include "libmodel/transformer/rotary.hpp"
#include "libmodel/transformer/sequence_tables.hpp"

namespace checkerlab::model {

struct PreparedLayer {
  at::Tensor wqkv, wo, w13, w2;         // compute type; w13 [2F, C] = w1 over w3
  at::Tensor attention_norm, ffn_norm;  // [C] fp32
  at::Tensor input_modulation;          // [K + 1, 2C] fp32: shift and scale of every class
  at::Tensor post_modulation;
};

struct PreparedWeights {
  ModelConfig config;
  ModelWeights weights;  // fp32, on the device
  at::Tensor codebook;
  std::vector<PreparedLayer> layers;
  at::Tensor head_weight, head_bias;   // compute type
  Rotation rotations;                  // table, fp32
  at::Tensor position_table;           // [L, C] fp32 in global raster order, bias of the combine layer included
  at::Tensor previous_position_table;  // [L + 1, C], the last row for "empty"
  at::Tensor previous_token_table;     // [V + 1, C]
  at::Tensor combine_source;           // [C, C]
  c10::ScalarType type;

  PreparedWeights(const Model& model, c10::Device device, c10::ScalarType compute_type);
};

// What the order and the numbers of steps fix.
struct SamplingPlan {
  ScaleLayout layout;
  BlockLayout blocks;
  SequenceTables tables;
  at::Tensor positions;                  // [L, C]: contributions of own and previous position to the inputs
  Rotation queries;                      // [L + 1, d] in the compute type
  std::vector<Rotation> keys;            // per layer
  std::vector<at::Tensor> scans, ranks;  // per scale [S²]: raster index of a place in the order, and its inverse
  std::vector<at::Tensor> steps;         // per scale [S, S] int64 on the CPU: number of a location's block

  SamplingPlan(const PreparedWeights& prepared, const ScaleLayout& scale_layout,
               const std::vector<BlockPartition>& partitions, c10::Device device);
};

}  // namespace checkerlab::model
