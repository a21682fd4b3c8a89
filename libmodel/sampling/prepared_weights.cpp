#include "libmodel/sampling/prepared_weights.hpp"

#include <ATen/ATen.h>

namespace checkerlab::model {
namespace {

PreparedLayer prepare_layer(const LayerWeights& layer, const at::Tensor& condition, c10::ScalarType type) {
  return {.wqkv = layer.wqkv.to(type),
          .wo = layer.wo.to(type),
          .w13 = at::cat({layer.w1, layer.w3}).to(type),
          .w2 = layer.w2.to(type),
          .attention_norm = layer.attention_norm,
          .ffn_norm = layer.ffn_norm,
          .input_modulation = at::linear(condition, layer.input_weight, layer.input_bias),
          .post_modulation = at::linear(condition, layer.post_weight, layer.post_bias)};
}

}  // namespace

PreparedWeights::PreparedWeights(const Model& model, c10::Device device, c10::ScalarType compute_type)
    : config(model.config), type(compute_type) {
  const Model moved = model.to(device);
  weights = moved.weights;
  codebook = moved.codebook;
  const at::Tensor condition = at::silu(weights.class_embeddings);
  for (const LayerWeights& layer : weights.layers) {
    layers.push_back(prepare_layer(layer, condition, type));
  }
  head_weight = weights.head_weight.to(type);
  head_bias = weights.head_bias.to(type);
  rotations = rotation_table(unit_rope_table(weights.rope));
  const CombineParts parts(weights);
  const at::Tensor order = at::tensor(ScaleLayout(config.sizes).order, at::kLong).to(device);
  position_table = model::position_table(weights, order, parts);
  previous_position_table = model::previous_position_table(weights, order, parts);
  previous_token_table = model::previous_token_table(weights, codebook, parts);
  combine_source = parts.source.contiguous();
}

SamplingPlan::SamplingPlan(const PreparedWeights& prepared, const ScaleLayout& layout, std::int64_t steps_per_scale,
                           c10::Device device)
    : blocks(layout, partitions_for_steps(layout.sizes, steps_per_scale)), tables(layout, blocks, device) {
  positions = prepared.position_table + prepared.previous_position_table.index_select(0, tables.previous);
  const Rotation own = prepared.rotations.rows(tables.own_rows);
  const Rotation previous = prepared.rotations.rows(tables.previous_rows);
  queries = own.to(prepared.type);
  for (int i = 0; i < prepared.config.layers; ++i) {
    const bool mixed = i < prepared.config.mixing_layers;
    keys.push_back(mixed ? mix_rotations(prepared.weights.mixing[i], own, previous).to(prepared.type) : queries);
  }
}

}  // namespace checkerlab::model
