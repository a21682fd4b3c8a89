// What the transformer reads at each position: combine(pos, src, prev_pos, prev_tok), one Linear 4C → C that is applied
// in its four column parts, so that what does not depend on the batch is computed once. Differentiable functions of the
// weights.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "libmodel/transformer/model.hpp"

namespace checkerlab::model {

// The perceptron over codebook vectors, [.., D] → [.., C]: Linear, SiLU, Linear, SiLU, Linear.
at::Tensor embed_latents(const ModelWeights& weights, const at::Tensor& latents);

// src of every position: embed_latents(z_up), projected where the model has a source projection, [.., D] → [.., C].
at::Tensor embed_source(const ModelWeights& weights, const at::Tensor& upscaled);

// z_up of a scale from the previous scale's codes [B, s·s] (raster): codebook entries resized bilinearly (align_corners
// false) to `side` and brought to length 1 over channels; [B, D, side, side].
at::Tensor upscale_codes(const at::Tensor& codebook, const at::Tensor& codes, std::int64_t side);

// The combine layer's column parts.
struct CombineParts {
  at::Tensor position, source, previous_position, previous_token;  // [C, C]
  explicit CombineParts(const ModelWeights& weights);
};

// Contribution of a previous token's code: [V + 1, C], row V for "empty".
at::Tensor previous_token_table(const ModelWeights& weights, const at::Tensor& codebook, const CombineParts& parts);
// Contribution of each position itself and the bias, [L, C] in the order given (global raster indices).
at::Tensor position_table(const ModelWeights& weights, const at::Tensor& order, const CombineParts& parts);
// Contribution of each position as the previous one, [L + 1, C] in the order given, row L for "empty".
at::Tensor previous_position_table(const ModelWeights& weights, const at::Tensor& order, const CombineParts& parts);

}  // namespace checkerlab::model
