// The Inception's layers on a CUDA device, batch normalisation folded into the convolutions.
//
// fp32: contiguous maps, cuDNN's convolution, then bias and ReLU in one pass. tf32 and fp16: channels_last maps,
// cuDNN's fused convolution, bias and ReLU. The images must have the channels that input_channels() says: tensor cores
// want more than three; further ones are zero.
#pragma once

#include <c10/core/Device.h>

#include <string>
#include <unordered_map>

#include "libmodel/evaluation/feature_network.hpp"
#include "libmodel/evaluation/inception/layers.hpp"
#include "libmodel/evaluation/inception/weights.hpp"

namespace checkerlab::model {

class CudnnLayers final : public InceptionLayers {
 public:
  // `tune`: cuDNN measures its algorithms at the first batch of a size and keeps the fastest (which may differ from run
  // to run, and so may the rounding); else it takes the one that its rules name.
  CudnnLayers(const InceptionWeights& weights, c10::Device device, FeaturePrecision precision, bool tune);

  std::int64_t input_channels() const { return channels_; }
  c10::ScalarType type() const { return precision_ == FeaturePrecision::fp16 ? c10::kHalf : c10::kFloat; }

  at::Tensor convolve(std::string_view module, const at::Tensor& maps) const override;
  at::Tensor average_and_convolve(std::string_view module, const at::Tensor& maps) const override;
  at::Tensor largest(const at::Tensor& maps, std::int64_t stride, std::int64_t padding) const override;

 private:
  struct Convolution {
    at::Tensor kernel, bias;
    at::Tensor exact_bias;  // fp32
    std::int64_t stride, pad_y, pad_x;
  };
  const Convolution& at(std::string_view module) const { return convolutions_.at(std::string(module)); }
  at::Tensor products(const Convolution& one, const at::Tensor& maps) const;

  FeaturePrecision precision_;
  bool tune_;
  std::int64_t channels_;
  std::unordered_map<std::string, Convolution> convolutions_;
};

}  // namespace checkerlab::model
