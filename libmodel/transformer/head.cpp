#include "libmodel/transformer/head.hpp"

#include <ATen/ATen.h>

namespace checkerlab::model {

at::Tensor head_rows(const ModelWeights& weights, const at::Tensor& codebook, double pull) {
  if (!weights.head_mlp0_weight.defined()) return weights.head_weight;
  at::Tensor x = at::silu(at::linear(codebook, weights.head_mlp0_weight, weights.head_mlp0_bias));
  x = at::silu(at::linear(x, weights.head_mlp2_weight, weights.head_mlp2_bias));
  const at::Tensor rows = at::linear(x, weights.head_mlp4_weight);
  if (pull > 0 && rows.requires_grad()) {
    rows.register_hook([values = rows.detach(), pull](const at::Tensor& gradient) {
      return gradient + pull * values.to(gradient.scalar_type());
    });
  }
  return rows + weights.head_weight;
}

}  // namespace checkerlab::model
