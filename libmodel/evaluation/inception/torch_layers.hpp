// The Inception's layers by plain tensor operations, batch normalisation folded into the convolutions.
#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <string>
#include <unordered_map>

#include "libmodel/evaluation/inception/layers.hpp"
#include "libmodel/evaluation/inception/weights.hpp"

namespace checkerlab::model {

// Any device, fp32 or fp64.
class TorchLayers final : public InceptionLayers {
 public:
  TorchLayers(const InceptionWeights& weights, c10::Device device, c10::ScalarType type);

  at::Tensor convolve(std::string_view module, const at::Tensor& maps) const override;
  at::Tensor average_and_convolve(std::string_view module, const at::Tensor& maps) const override;
  at::Tensor largest(const at::Tensor& maps, std::int64_t stride, std::int64_t padding) const override;

 private:
  struct Convolution {
    at::Tensor kernel, bias;
    std::int64_t stride, pad_y, pad_x;
  };
  const Convolution& at(std::string_view module) const { return convolutions_.at(std::string(module)); }

  std::unordered_map<std::string, Convolution> convolutions_;
};

}  // namespace checkerlab::model
