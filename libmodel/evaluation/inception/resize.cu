// One thread per output pixel: reads its four source pixels, writes three channels (contiguous) or a whole pixel
// (channels_last).
#include <ATen/core/Tensor.h>
#include <ATen/cuda/CUDAContext.h>
#include <ATen/ops/empty.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/util/Half.h>

#include "libmodel/evaluation/inception/layout.hpp"
#include "libmodel/evaluation/inception/resize.hpp"
#include "libmodel/evaluation/inception/resize_point.hpp"

namespace checkerlab::model {
namespace {

constexpr int kThreads = 256;
constexpr std::int32_t kSide = kInceptionSide, kArea = kSide * kSide;

struct ResizeArguments {
  const std::uint8_t* pixels;
  std::int32_t height, width, channels;
  std::int64_t points;  // N · 299 · 299
  float scale_x, scale_y;
};

template <typename T>
__global__ void resize_kernel(ResizeArguments arguments, T* output, bool channels_last) {
  const std::int64_t point = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (point >= arguments.points) return;
  const std::int64_t n = point / kArea;
  const auto within = static_cast<std::int32_t>(point - n * kArea);
  const ResizeSource y = resize_source(within / kSide, arguments.height, arguments.scale_y);
  const ResizeSource x = resize_source(within % kSide, arguments.width, arguments.scale_x);
  const std::int64_t row = std::int64_t{3} * arguments.width;
  const std::uint8_t* image = arguments.pixels + n * arguments.height * row;
  for (std::int32_t channel = 0; channel < arguments.channels; ++channel) {
    const float value =
        channel < 3 ? (resize_point(image + y.low * row, image + y.high * row, x, y, channel) - 128) * (1.0f / 128) : 0;
    const std::int64_t place =
        channels_last ? point * arguments.channels + channel : (n * arguments.channels + channel) * kArea + within;
    output[place] = static_cast<T>(value);
  }
}

template <typename T>
void launch(const ResizeArguments& arguments, const at::Tensor& output, bool channels_last) {
  const auto blocks = static_cast<unsigned>((arguments.points + kThreads - 1) / kThreads);
  resize_kernel<T><<<blocks, kThreads, 0, at::cuda::getCurrentCUDAStream()>>>(arguments, output.mutable_data_ptr<T>(),
                                                                              channels_last);
  C10_CUDA_KERNEL_LAUNCH_CHECK();
}

}  // namespace

at::Tensor inception_input_cuda(const at::Tensor& pixels, std::int64_t channels, at::ScalarType type) {
  const c10::cuda::CUDAGuard guard(pixels.device());
  const at::Tensor source = pixels.contiguous();
  const bool channels_last = channels > 3;
  const at::Tensor output = at::empty({source.size(0), channels, kSide, kSide}, source.options().dtype(type),
                                      channels_last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous);
  const ResizeArguments arguments{.pixels = source.const_data_ptr<std::uint8_t>(),
                                  .height = static_cast<std::int32_t>(source.size(1)),
                                  .width = static_cast<std::int32_t>(source.size(2)),
                                  .channels = static_cast<std::int32_t>(channels),
                                  .points = source.size(0) * kArea,
                                  .scale_x = static_cast<float>(source.size(2)) / kSide,
                                  .scale_y = static_cast<float>(source.size(1)) / kSide};
  if (arguments.points == 0) return output;
  if (type == at::kHalf) {
    launch<c10::Half>(arguments, output, channels_last);
  } else {
    launch<float>(arguments, output, channels_last);
  }
  return output;
}

}  // namespace checkerlab::model
