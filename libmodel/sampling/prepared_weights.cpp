#include "libmodel/sampling/prepared_weights.hpp"

#include <ATen/ATen.h>

#include "libmodel/transformer/head.hpp"

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
  head_weight = head_rows(weights, codebook).to(type);
  head_bias = weights.head_bias.to(type);
  rotations = rotation_table(unit_rope_table(weights.rope));
  const CombineParts parts(weights);
  const at::Tensor raster = at::arange(config.tokens(), at::TensorOptions(device).dtype(at::kLong));
  position_table = model::position_table(weights, raster, parts);
  previous_position_table = model::previous_position_table(weights, raster, parts);
  previous_token_table = model::previous_token_table(weights, codebook, parts);
  combine_source = parts.source.contiguous();
}

SamplingPlan::SamplingPlan(const PreparedWeights& prepared, const ScaleLayout& scale_layout,
                           const std::vector<BlockPartition>& partitions, c10::Device device)
    : layout(scale_layout), blocks(layout, partitions), tables(layout, blocks, device) {
  // Rows of the previous-position table: global raster indices, L for "empty".
  const at::Tensor rows = at::cat({tables.order, at::full({1}, layout.length(), tables.order.options())});
  positions = prepared.position_table.index_select(0, tables.order) +
              prepared.previous_position_table.index_select(0, rows.index_select(0, tables.previous));
  const Rotation own = prepared.rotations.rows(tables.own_rows);
  const Rotation previous = prepared.rotations.rows(tables.previous_rows);
  queries = own.to(prepared.type);
  for (int i = 0; i < prepared.config.layers; ++i) {
    const bool mixed = i < prepared.config.mixing_layers;
    keys.push_back(mixed ? mix_rotations(prepared.weights.mixing[i], own, previous).to(prepared.type) : queries);
  }
  const at::Tensor step_of_position = at::repeat_interleave(at::tensor(blocks.lengths(), at::kLong));
  for (std::size_t scale = 0; scale < layout.sizes.size(); ++scale) {
    const std::int64_t begin = layout.offsets[scale];
    scans.push_back(tables.order.slice(0, begin, layout.offsets[scale + 1]) - begin);
    ranks.push_back(scans.back().argsort());
    const std::int64_t side = layout.sizes[scale];
    const at::Tensor numbers = step_of_position.slice(0, begin, layout.offsets[scale + 1]);
    steps.push_back(numbers.index_select(0, ranks.back().cpu()).unflatten(0, {side, side}));
  }
}

}  // namespace checkerlab::model
