#include "libmodel/evaluation/inception/torch_layers.hpp"

#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/max_pool2d.h>

namespace checkerlab::model {

TorchLayers::TorchLayers(const InceptionWeights& weights, c10::Device device, c10::ScalarType type) {
  const auto shapes = inception_convolutions();
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const FoldedConvolution folded = fold(weights.convolutions[i]);
    convolutions_.emplace(shapes[i].module, Convolution{.kernel = folded.kernel.to(device, type),
                                                        .bias = folded.bias.to(device, type),
                                                        .stride = shapes[i].stride,
                                                        .pad_y = shapes[i].pad_y,
                                                        .pad_x = shapes[i].pad_x});
  }
}

at::Tensor TorchLayers::convolve(std::string_view module, const at::Tensor& maps) const {
  const Convolution& one = at(module);
  return at::conv2d(maps, one.kernel, one.bias, one.stride, {one.pad_y, one.pad_x}).relu_();
}

// The convolution first: it leaves fewer channels to average. Their order changes the rounding alone.
at::Tensor TorchLayers::average_and_convolve(std::string_view module, const at::Tensor& maps) const {
  const Convolution& one = at(module);
  const at::Tensor products = at::conv2d(maps, one.kernel);
  return at::avg_pool2d(products, 3, 1, 1, false, false).add_(one.bias.view({1, -1, 1, 1})).relu_();
}

at::Tensor TorchLayers::largest(const at::Tensor& maps, std::int64_t stride, std::int64_t padding) const {
  return at::max_pool2d(maps, 3, stride, padding);
}

}  // namespace checkerlab::model
