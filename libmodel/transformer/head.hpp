// The rows of the output head. Differentiable function of the weights.
#pragma once

#include <ATen/core/Tensor.h>

#include "libmodel/transformer/weights.hpp"

namespace checkerlab::model {

// What the released recipe pulls the head perceptron's rows towards 0 with, unless its configuration says otherwise.
inline constexpr double kHeadPull = 1e-3;

// Rows [V, C] that hidden states are multiplied with: the learned ones and, in models with a head perceptron, its
// outputs over the codebook [V, D] on top. `pull` > 0 adds pull · output to the gradient of those outputs in the
// backward pass, as a penalty of pull / 2 · |output|² would, without a part in the loss; it does nothing in models
// without a head perceptron.
at::Tensor head_rows(const ModelWeights& weights, const at::Tensor& codebook, double pull = 0);

}  // namespace checkerlab::model
