#include "libmodel/transformer/forward.hpp"

#include <ATen/ATen.h>

#include "libmodel/transformer/head.hpp"
#include "libmodel/transformer/inputs.hpp"
#include "libmodel/transformer/rotary.hpp"

namespace checkerlab::model {
namespace {

// The rotations of one sequence: queries and unmixed keys use `own`.
struct SequenceRotations {
  Rotation own, previous;

  SequenceRotations(const ModelWeights& weights, const SequenceTables& tables) {
    const Rotation table = rotation_table(unit_rope_table(weights.rope));
    own = table.rows(tables.own_rows);
    previous = table.rows(tables.previous_rows);
  }

  Rotation keys(const Model& model, int layer) const {
    if (layer >= model.config.mixing_layers) return own;
    return mix_rotations(model.weights.mixing[layer], own, previous);
  }
};

// RMSNorm and AdaLN: norm(x)·scale + shift with (shift, scale) from the condition [B, C].
at::Tensor modulated_norm(const at::Tensor& x, const at::Tensor& norm, double epsilon, const at::Tensor& condition,
                          const at::Tensor& weight, const at::Tensor& bias) {
  const auto modulation = at::linear(condition, weight, bias).unsqueeze(1).chunk(2, -1);
  return at::addcmul(modulation[0], at::rms_norm(x, {x.size(-1)}, norm, epsilon), modulation[1]);
}

at::Tensor attention(const at::Tensor& x, const LayerWeights& layer, int heads, const Rotation& queries,
                     const Rotation& keys, const at::Tensor& mask) {
  const auto qkv = at::linear(x, layer.wqkv).unflatten(2, {3, heads, -1}).permute({2, 0, 3, 1, 4});
  const at::Tensor v = qkv[2];
  const at::Tensor mixed = at::scaled_dot_product_attention(rotate(qkv[0], queries).to(v.scalar_type()),
                                                            rotate(qkv[1], keys).to(v.scalar_type()), v, mask);
  return at::linear(mixed.transpose(1, 2).flatten(2), layer.wo);
}

at::Tensor feed_forward(const at::Tensor& x, const LayerWeights& layer) {
  return at::linear(at::silu(at::linear(x, layer.w1)) * at::linear(x, layer.w3), layer.w2);
}

// [B, L, D] in sequence order; zeros for the first scale.
at::Tensor upscaled_sequence(const Model& model, const TokenBatch& batch, const SequenceTables& tables) {
  const auto& sizes = model.config.sizes;
  const std::int64_t items = batch.labels.size(0), dim = model.config.code_dim;
  std::vector<at::Tensor> scales{at::zeros({items, std::int64_t{sizes[0]} * sizes[0], dim}, model.codebook.options())};
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    scales.push_back(upscale_codes(model.codebook, batch.sources[i - 1], sizes[i]).flatten(2).transpose(1, 2));
  }
  return at::cat(scales, 1).index_select(1, tables.order);
}

at::Tensor combined_inputs(const Model& model, const TokenBatch& batch, const SequenceTables& tables,
                           const ForwardTrace& trace) {
  const ModelWeights& w = model.weights;
  const CombineParts parts(w);
  const at::Tensor upscaled = upscaled_sequence(model, batch, tables);
  const at::Tensor source = embed_source(w, upscaled);
  const at::Tensor positions = position_table(w, tables.order, parts) +
                               previous_position_table(w, tables.order, parts).index_select(0, tables.previous);
  const at::Tensor empty = at::full({batch.labels.size(0), 1}, model.config.codes, batch.labels.options());
  const at::Tensor previous_codes =
      at::cat({sequence_targets(batch, tables), empty}, 1).index_select(1, tables.previous);
  const at::Tensor previous = at::embedding(previous_token_table(w, model.codebook, parts), previous_codes);
  if (trace) {
    trace("upscaled", upscaled);
    trace("source", source);
  }
  return at::linear(source, parts.source) + previous + positions;
}

}  // namespace

at::Tensor sequence_targets(const TokenBatch& batch, const SequenceTables& tables) {
  return at::cat(batch.tokens, 1).index_select(1, tables.order);
}

at::Tensor sequence_loss(const at::Tensor& logits, const at::Tensor& targets) {
  return at::cross_entropy_loss(logits.flatten(0, 1), targets.flatten());
}

at::Tensor forward_logits(const Model& model, const TokenBatch& batch, const SequenceTables& tables,
                          const ForwardTrace& trace, double head_pull) {
  const ModelWeights& w = model.weights;
  const at::Tensor class_token = at::embedding(w.class_embeddings, batch.labels);
  const at::Tensor condition = at::silu(class_token);
  const SequenceRotations rotations(w, tables);
  const at::Tensor combined = combined_inputs(model, batch, tables, trace);
  if (trace) trace("combined", combined);

  const double epsilon = model.config.norm_epsilon;
  at::Tensor x = at::cat({class_token.unsqueeze(1), combined.to(class_token.scalar_type())}, 1);
  for (int i = 0; i < model.config.layers; ++i) {
    const LayerWeights& layer = w.layers[static_cast<std::size_t>(i)];
    const at::Tensor h =
        modulated_norm(x, layer.attention_norm, epsilon, condition, layer.input_weight, layer.input_bias);
    x = x + attention(h, layer, model.config.heads, rotations.own, rotations.keys(model, i), tables.mask);
    const at::Tensor g = modulated_norm(x, layer.ffn_norm, epsilon, condition, layer.post_weight, layer.post_bias);
    x = x + feed_forward(g, layer);
    if (trace) trace("layer" + std::to_string(i), x);
  }
  x = at::rms_norm(x, {x.size(-1)}, w.norm, epsilon);
  if (trace) trace("final", x);
  return at::linear(x.slice(1, 1), head_rows(w, model.codebook, head_pull), w.head_bias);
}

}  // namespace checkerlab::model
