// The Inception's layers as they are written down: convolution, batch normalisation, ReLU; average, then convolution.
// In fp64, for comparison.
#pragma once

#include <string>
#include <unordered_map>

#include "libmodel/evaluation/inception/layers.hpp"
#include "libmodel/evaluation/inception/weights.hpp"

namespace checkerlab::model {

class ReferenceLayers final : public InceptionLayers {
 public:
  ReferenceLayers(const InceptionWeights& weights, c10::Device device);

  at::Tensor convolve(std::string_view module, const at::Tensor& maps) const override;
  at::Tensor average_and_convolve(std::string_view module, const at::Tensor& maps) const override;
  at::Tensor largest(const at::Tensor& maps, std::int64_t stride, std::int64_t padding) const override;

 private:
  struct Convolution {
    InceptionConvolution shape;
    ConvolutionWeights weights;
  };
  std::unordered_map<std::string, Convolution> convolutions_;
};

}  // namespace checkerlab::model
