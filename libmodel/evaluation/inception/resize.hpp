// TensorFlow 1's bilinear resize without half-pixel centres (align_corners false), to the bit: the input of the FID
// Inception. No antialiasing, also where images shrink, and no rounding to integers.
//
// Along an axis of `in` values, output i of `out` comes from x = i · (in / out): low = floor(x), high = min(low + 1,
// in − 1), fraction = x − low; a + (b − a) · fraction first along x, then along y. All in fp32, every operation
// rounded. Source: TensorFlow's ResizeBilinear,
// https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/image/resize_bilinear
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace checkerlab::model {

// uint8 [N,H,W,3] to fp32 [N,side,side,3], values 0 … 255. Tensor operations on any device.
at::Tensor resize_bilinear(const at::Tensor& pixels, std::int64_t side);

// The same, value by value, on the CPU.
at::Tensor resize_bilinear_reference(const at::Tensor& pixels, std::int64_t side);

// Resized to 299×299 and (v − 128) / 128: fp32 [N,3,299,299], contiguous.
at::Tensor inception_input(const at::Tensor& pixels);

// The same bits by one kernel on the pixels' CUDA device: fp32 [N,3,299,299], contiguous, or with `channels` above 3
// (further ones are zero) fp32 or fp16 [N,channels,299,299] in channels_last. Runs on the current stream.
at::Tensor inception_input_cuda(const at::Tensor& pixels, std::int64_t channels, at::ScalarType type);

}  // namespace checkerlab::model
