// For tests: how far two tensors are apart.
#pragma once

#include <ATen/core/Tensor.h>

#include <limits>

namespace checkerlab::model {

// The largest absolute difference of their elements in fp64, on any device; infinity where the shapes differ.
inline double largest_difference(const at::Tensor& a, const at::Tensor& b) {
  if (a.sizes() != b.sizes()) return std::numeric_limits<double>::infinity();
  return (a.cpu().to(at::kDouble) - b.cpu().to(at::kDouble)).abs().max().item<double>();
}

}  // namespace checkerlab::model
