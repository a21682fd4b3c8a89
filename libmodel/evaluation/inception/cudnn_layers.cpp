#include "libmodel/evaluation/inception/cudnn_layers.hpp"

#include <ATen/Context.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/cudnn_convolution.h>
#include <ATen/ops/cudnn_convolution_relu.h>

#include "libmodel/evaluation/inception/maps.hpp"

namespace checkerlab::model {
namespace {

// What cuDNN's fused convolution takes from the process rather than from its arguments.
class FusedSettings {
 public:
  FusedSettings(bool tf32, bool tune)
      : tf32_(at::globalContext().allowTF32CuDNN()), tune_(at::globalContext().benchmarkCuDNN()) {
    at::globalContext().setAllowTF32CuDNN(tf32);
    at::globalContext().setBenchmarkCuDNN(tune);
  }
  ~FusedSettings() {
    at::globalContext().setAllowTF32CuDNN(tf32_);
    at::globalContext().setBenchmarkCuDNN(tune_);
  }
  FusedSettings(const FusedSettings&) = delete;
  FusedSettings& operator=(const FusedSettings&) = delete;

 private:
  bool tf32_, tune_;
};

// Channels that a tensor core reads at once, so that the first convolution needs no copy.
std::int64_t channels_for(FeaturePrecision precision) {
  if (precision == FeaturePrecision::fp32) return 3;
  return precision == FeaturePrecision::tf32 ? 4 : 8;
}

}  // namespace

CudnnLayers::CudnnLayers(const InceptionWeights& weights, c10::Device device, FeaturePrecision precision, bool tune)
    : precision_(precision), tune_(tune), channels_(channels_for(precision)) {
  const bool last = precision != FeaturePrecision::fp32;
  const auto shapes = inception_convolutions();
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    FoldedConvolution folded = fold(weights.convolutions[i]);
    if (i == 0) folded.kernel = at::constant_pad_nd(folded.kernel, {0, 0, 0, 0, 0, channels_ - shapes[i].in});
    const auto format = last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
    convolutions_.emplace(shapes[i].module, Convolution{.kernel = folded.kernel.to(device, type()).contiguous(format),
                                                        .bias = folded.bias.to(device, type()),
                                                        .exact_bias = folded.bias.to(device, c10::kFloat),
                                                        .stride = shapes[i].stride,
                                                        .pad_y = shapes[i].pad_y,
                                                        .pad_x = shapes[i].pad_x});
  }
}

at::Tensor CudnnLayers::products(const Convolution& one, const at::Tensor& maps) const {
  return at::cudnn_convolution(maps, one.kernel, {one.pad_y, one.pad_x}, {one.stride, one.stride}, {1, 1}, 1, tune_,
                               false, precision_ == FeaturePrecision::tf32);
}

at::Tensor CudnnLayers::convolve(std::string_view module, const at::Tensor& maps) const {
  const Convolution& one = at(module);
  if (precision_ == FeaturePrecision::fp32) {
    at::Tensor sums = products(one, maps);
    add_bias_relu_cuda(sums, one.exact_bias);
    return sums;
  }
  const FusedSettings settings(precision_ == FeaturePrecision::tf32, tune_);
  return at::cudnn_convolution_relu(maps, one.kernel, one.bias, {one.stride, one.stride}, {one.pad_y, one.pad_x},
                                    {1, 1}, 1);
}

// The convolution first: it leaves fewer channels to average. Their order changes the rounding alone.
at::Tensor CudnnLayers::average_and_convolve(std::string_view module, const at::Tensor& maps) const {
  const Convolution& one = at(module);
  return average_bias_relu_cuda(products(one, maps), one.exact_bias);
}

at::Tensor CudnnLayers::largest(const at::Tensor& maps, std::int64_t stride, std::int64_t padding) const {
  return largest_cuda(maps, stride, padding);
}

}  // namespace checkerlab::model
