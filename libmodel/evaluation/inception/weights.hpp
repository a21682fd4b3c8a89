// The weights of the FID Inception, whatever file they came from.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "libmodel/evaluation/inception/layout.hpp"

namespace checkerlab::model {

// Of one convolution and its batch normalisation: scale · (x − mean) / sqrt(variance + epsilon) + shift. All fp32 on
// the CPU, contiguous.
struct ConvolutionWeights {
  at::Tensor kernel;                 // [out, in, height, width]
  at::Tensor scale;                  // [out]; undefined: 1
  at::Tensor shift, mean, variance;  // [out]
  double epsilon = kInceptionEpsilon;
};

struct InceptionWeights {
  std::vector<ConvolutionWeights> convolutions;  // in the order of inception_convolutions()
  at::Tensor class_kernel;                       // fc.weight [1008, 2048]
  at::Tensor class_bias;                         // fc.bias [1008]: in every file, left out of the logits
};

// Throws Error(not_finite) naming the file and the first tensor that holds NaN or infinity, Error(invalid_data) for a
// variance below zero.
void check_values(const InceptionWeights& weights, const std::string& where);

// A convolution with its batch normalisation folded in: y = conv(x, kernel) + bias. Computed in fp64.
struct FoldedConvolution {
  at::Tensor kernel;  // [out, in, height, width] fp64
  at::Tensor bias;    // [out] fp64
};
FoldedConvolution fold(const ConvolutionWeights& weights);

}  // namespace checkerlab::model
