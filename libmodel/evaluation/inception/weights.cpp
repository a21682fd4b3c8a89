#include "libmodel/evaluation/inception/weights.hpp"

#include <ATen/ATen.h>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

void check_finite(const at::Tensor& tensor, const std::string& name, const std::string& where) {
  if (!tensor.defined() || at::isfinite(tensor).all().item<bool>()) return;
  throw Error(ErrorCode::not_finite, where + ": the tensor " + name + " of the Inception holds NaN or infinity",
              "Copy or download the file again");
}

}  // namespace

void check_values(const InceptionWeights& weights, const std::string& where) {
  const auto convolutions = inception_convolutions();
  for (std::size_t i = 0; i < convolutions.size(); ++i) {
    const ConvolutionWeights& one = weights.convolutions[i];
    const std::string module(convolutions[i].module);
    check_finite(one.kernel, module + ".conv.weight", where);
    check_finite(one.scale, module + ".bn.weight", where);
    check_finite(one.shift, module + ".bn.bias", where);
    check_finite(one.mean, module + ".bn.running_mean", where);
    check_finite(one.variance, module + ".bn.running_var", where);
    if (one.variance.min().item<float>() < 0)
      throw Error(ErrorCode::invalid_data, where + ": the variances " + module + ".bn.running_var are below zero",
                  "Copy or download the file again");
  }
  check_finite(weights.class_kernel, "fc.weight", where);
  check_finite(weights.class_bias, "fc.bias", where);
}

FoldedConvolution fold(const ConvolutionWeights& weights) {
  at::Tensor factor = weights.variance.to(at::kDouble).add(weights.epsilon).rsqrt();
  if (weights.scale.defined()) factor = factor * weights.scale.to(at::kDouble);
  return {.kernel = weights.kernel.to(at::kDouble) * factor.view({-1, 1, 1, 1}),
          .bias = weights.shift.to(at::kDouble) - weights.mean.to(at::kDouble) * factor};
}

}  // namespace checkerlab::model
