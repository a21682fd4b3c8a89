#include "libmodel/transformer/inputs.hpp"

#include <ATen/ATen.h>

#include <cmath>

namespace checkerlab::model {

at::Tensor embed_latents(const ModelWeights& weights, const at::Tensor& latents) {
  at::Tensor x = at::silu(at::linear(latents, weights.mlp0_weight, weights.mlp0_bias));
  x = at::silu(at::linear(x, weights.mlp2_weight, weights.mlp2_bias));
  return at::linear(x, weights.mlp4_weight, weights.mlp4_bias);
}

at::Tensor embed_source(const ModelWeights& weights, const at::Tensor& upscaled) {
  const at::Tensor embedded = embed_latents(weights, upscaled);
  if (!weights.source_weight.defined()) return embedded;
  return at::linear(embedded, weights.source_weight, weights.source_bias);
}

at::Tensor upscale_codes(const at::Tensor& codebook, const at::Tensor& codes, std::int64_t side) {
  const auto from = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(codes.size(1)))));
  const at::Tensor latents = at::embedding(codebook, codes).transpose(1, 2).unflatten(2, {from, from}).contiguous();
  const at::Tensor resized = at::upsample_bilinear2d(latents, {side, side}, /*align_corners=*/false);
  return resized / resized.norm(2, {1}, /*keepdim=*/true).clamp_min(1e-12);
}

CombineParts::CombineParts(const ModelWeights& weights) {
  const auto parts = weights.combine_weight.chunk(4, 1);
  position = parts[0];
  source = parts[1];
  previous_position = parts[2];
  previous_token = parts[3];
}

at::Tensor previous_token_table(const ModelWeights& weights, const at::Tensor& codebook, const CombineParts& parts) {
  const at::Tensor rows = at::cat({embed_latents(weights, codebook), weights.empty_token.unsqueeze(0)});
  return at::linear(rows, parts.previous_token);
}

at::Tensor position_table(const ModelWeights& weights, const at::Tensor& order, const CombineParts& parts) {
  return at::linear(weights.embed_positions.index_select(0, order), parts.position, weights.combine_bias);
}

at::Tensor previous_position_table(const ModelWeights& weights, const at::Tensor& order, const CombineParts& parts) {
  const at::Tensor rows =
      at::cat({weights.embed_positions.index_select(0, order), weights.empty_position.unsqueeze(0)});
  return at::linear(rows, parts.previous_position);
}

}  // namespace checkerlab::model
