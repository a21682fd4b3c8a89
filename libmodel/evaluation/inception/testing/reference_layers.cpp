#include "libmodel/evaluation/inception/testing/reference_layers.hpp"

#include <ATen/ATen.h>

namespace checkerlab::model {

ReferenceLayers::ReferenceLayers(const InceptionWeights& weights, c10::Device device) {
  const auto convert = [&](const at::Tensor& tensor) {
    return tensor.defined() ? tensor.to(device, at::kDouble) : tensor;
  };
  const auto shapes = inception_convolutions();
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const ConvolutionWeights& one = weights.convolutions[i];
    convolutions_[std::string(shapes[i].module)] = {shapes[i],
                                                    {.kernel = convert(one.kernel),
                                                     .scale = convert(one.scale),
                                                     .shift = convert(one.shift),
                                                     .mean = convert(one.mean),
                                                     .variance = convert(one.variance),
                                                     .epsilon = one.epsilon}};
  }
}

at::Tensor ReferenceLayers::convolve(std::string_view module, const at::Tensor& maps) const {
  const auto& [shape, weights] = convolutions_.at(std::string(module));
  const at::Tensor sums = at::conv2d(maps, weights.kernel, {}, shape.stride, {shape.pad_y, shape.pad_x});
  return at::relu(at::batch_norm(sums, weights.scale, weights.shift, weights.mean, weights.variance, false, 0,
                                 weights.epsilon, false));
}

at::Tensor ReferenceLayers::average_and_convolve(std::string_view module, const at::Tensor& maps) const {
  return convolve(module, at::avg_pool2d(maps, 3, 1, 1, false, false));
}

at::Tensor ReferenceLayers::largest(const at::Tensor& maps, std::int64_t stride, std::int64_t padding) const {
  return at::max_pool2d(maps, 3, stride, padding);
}

}  // namespace checkerlab::model
