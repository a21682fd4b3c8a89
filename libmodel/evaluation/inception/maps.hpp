// The small operations between the convolutions, each one pass over memory on a CUDA device. Maps are [N,C,H,W],
// contiguous fp32, or fp32 or fp16 in channels_last; in fp16 sums are fp32. All run on the current stream and throw
// Error(invalid_argument) for maps of 2^31 values or more.
//
// The reference of each is the plain tensor operation that its comment names; TorchLayers computes with those.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace checkerlab::model {

// In place, relu(maps + bias[C]); maps contiguous fp32.
void add_bias_relu_cuda(at::Tensor& maps, const at::Tensor& bias);

// max_pool2d(maps, 3, stride, padding), without the indices.
at::Tensor largest_cuda(const at::Tensor& maps, std::int64_t stride, std::int64_t padding);

// relu(avg_pool2d(maps, 3, 1, 1, count_include_pad = false) + bias[C]); bias fp32.
at::Tensor average_bias_relu_cuda(const at::Tensor& maps, const at::Tensor& bias);

}  // namespace checkerlab::model
