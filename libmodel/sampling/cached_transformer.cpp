#include "libmodel/sampling/cached_transformer.hpp"

#include <ATen/ATen.h>

namespace checkerlab::model {
namespace {

at::Tensor modulated_norm(const at::Tensor& x, const at::Tensor& norm, const at::Tensor& shift, const at::Tensor& scale,
                          double epsilon, c10::ScalarType type) {
  return at::addcmul(shift, at::rms_norm(x, {x.size(-1)}, norm, epsilon), scale).to(type);
}

}  // namespace

CachedTransformer::CachedTransformer(const PreparedWeights& prepared, const SamplingPlan& plan,
                                     const at::Tensor& labels)
    : prepared_(prepared), plan_(plan) {
  const ModelConfig& config = prepared.config;
  const auto options = prepared.head_weight.options();
  const std::vector<std::int64_t> cache{labels.size(0), config.heads, config.tokens() + 1, config.head_dim()};
  for (const PreparedLayer& layer : prepared.layers) {
    const auto input = layer.input_modulation.index_select(0, labels).unsqueeze(1).chunk(2, -1);
    const auto post = layer.post_modulation.index_select(0, labels).unsqueeze(1).chunk(2, -1);
    states_.push_back({.keys = at::empty(cache, options),
                       .values = at::empty(cache, options),
                       .input_shift = input[0],
                       .input_scale = input[1],
                       .post_shift = post[0],
                       .post_scale = post[1]});
  }
}

at::Tensor CachedTransformer::attend(const at::Tensor& h, std::size_t layer, std::int64_t begin,
                                     const at::Tensor& mask) {
  LayerState& state = states_[layer];
  const std::int64_t end = begin + h.size(1);
  const auto qkv = at::linear(h, prepared_.layers[layer].wqkv)
                       .unflatten(2, {3, prepared_.config.heads, prepared_.config.head_dim()})
                       .permute({2, 0, 3, 1, 4});
  state.keys.slice(2, begin, end).copy_(rotate(qkv[1], plan_.keys[layer].slice(begin, end)));
  state.values.slice(2, begin, end).copy_(qkv[2]);
  const std::optional<at::Tensor> attention_mask = mask.defined() ? std::optional(mask) : std::nullopt;
  const at::Tensor mixed =
      at::scaled_dot_product_attention(rotate(qkv[0], plan_.queries.slice(begin, end)), state.keys.slice(2, 0, end),
                                       state.values.slice(2, 0, end), attention_mask);
  return at::linear(mixed.transpose(1, 2).flatten(2), prepared_.layers[layer].wo);
}

at::Tensor CachedTransformer::feed_forward(const at::Tensor& h, std::size_t layer) const {
  const auto gates = at::linear(h, prepared_.layers[layer].w13).chunk(2, -1);
  return at::linear(at::silu(gates[0]).mul_(gates[1]), prepared_.layers[layer].w2);
}

at::Tensor CachedTransformer::extend(at::Tensor x, std::int64_t begin, const at::Tensor& mask) {
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const LayerState& state = states_[i];
    const PreparedLayer& layer = prepared_.layers[i];
    const auto type = prepared_.type;
    const double epsilon = prepared_.config.norm_epsilon;
    x = x + attend(modulated_norm(x, layer.attention_norm, state.input_shift, state.input_scale, epsilon, type), i,
                   begin, mask);
    x = x + feed_forward(modulated_norm(x, layer.ffn_norm, state.post_shift, state.post_scale, epsilon, type), i);
  }
  return x;
}

at::Tensor CachedTransformer::logits(const at::Tensor& x) const {
  const at::Tensor h =
      at::rms_norm(x, {x.size(-1)}, prepared_.weights.norm, prepared_.config.norm_epsilon).to(prepared_.type);
  return at::linear(h, prepared_.head_weight, prepared_.head_bias).to(at::kFloat);
}

}  // namespace checkerlab::model
