// What the Inception computes of feature maps [N,C,H,W], whichever way.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string_view>

namespace checkerlab::model {

// Convolutions are named by their module (layout.hpp). Implementations have no state that a call changes. An unknown
// name ends in std::out_of_range.
class InceptionLayers {
 public:
  virtual ~InceptionLayers() = default;

  // ReLU of the batch normalisation of the convolution.
  virtual at::Tensor convolve(std::string_view module, const at::Tensor& maps) const = 0;
  // The same of the maps' 3×3 average, stride 1, padding 1, the padding left out of the divisor. The convolution is
  // 1×1, so that it may as well come before the average.
  virtual at::Tensor average_and_convolve(std::string_view module, const at::Tensor& maps) const = 0;
  // 3×3 maximum.
  virtual at::Tensor largest(const at::Tensor& maps, std::int64_t stride, std::int64_t padding) const = 0;
};

}  // namespace checkerlab::model
