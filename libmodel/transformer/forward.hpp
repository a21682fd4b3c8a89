// The teacher-forced forward of the whole sequence with a block-causal mask, as training and likelihoods need it.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>
#include <vector>

#include "libmodel/transformer/model.hpp"
#include "libmodel/transformer/sequence_tables.hpp"

namespace checkerlab::model {

// A batch of token pyramids, all int64 on the model's device.
struct TokenBatch {
  std::vector<at::Tensor> tokens;  // per scale [B, S·S], raster order: what is predicted and what later blocks see
  std::vector<at::Tensor>
      sources;  // the same shapes: what the next scale's source is made from (equal to `tokens`, but for replacement)
  at::Tensor labels;  // [B], 0 … classes (= no class)
};

// Sees intermediate results by name: "upscaled" [B, L, D], "source" [B, L, C], "combined" [B, L, C], "layer<i>" and
// "final" [B, L + 1, C].
using ForwardTrace = std::function<void(const std::string& name, const at::Tensor& value)>;

// Logits [B, L, V]: position i predicts the token at order[i]. `head_pull`: see head_rows.
at::Tensor forward_logits(const Model& model, const TokenBatch& batch, const SequenceTables& tables,
                          const ForwardTrace& trace = {}, double head_pull = 0);

// The targets [B, L] in sequence order, and the mean cross-entropy (natural logarithm) over all of them.
at::Tensor sequence_targets(const TokenBatch& batch, const SequenceTables& tables);
at::Tensor sequence_loss(const at::Tensor& logits, const at::Tensor& targets);

}  // namespace checkerlab::model
