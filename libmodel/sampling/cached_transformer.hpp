// The transformer over a growing prefix: keys and values of what was seen stay in static storage. One object per batch;
// not thread-safe. The prepared weights and the plan must outlive it.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "libmodel/sampling/prepared_weights.hpp"

namespace checkerlab::model {

class CachedTransformer {
 public:
  // labels [R] int64 on the device: one row of the batch each (conditional rows first, then unconditional ones).
  CachedTransformer(const PreparedWeights& prepared, const SamplingPlan& plan, const at::Tensor& labels);

  // Inputs x [R, n, C] fp32 at sequence positions begin … begin + n − 1 (the class token is position 0); everything
  // before must have been seen. `mask` [n, begin + n] bool, or undefined when every input sees all. Returns the
  // residual stream [R, n, C].
  at::Tensor extend(at::Tensor x, std::int64_t begin, const at::Tensor& mask);

  // Logits [.., V] fp32 of residual rows.
  at::Tensor logits(const at::Tensor& x) const;

 private:
  struct LayerState {
    at::Tensor keys, values;                                      // [R, H, L + 1, d] in the compute type
    at::Tensor input_shift, input_scale, post_shift, post_scale;  // [R, 1, C] fp32
  };
  at::Tensor attend(const at::Tensor& h, std::size_t layer, std::int64_t begin, const at::Tensor& mask);
  at::Tensor feed_forward(const at::Tensor& h, std::size_t layer) const;

  const PreparedWeights& prepared_;
  const SamplingPlan& plan_;
  std::vector<LayerState> states_;
};

}  // namespace checkerlab::model
