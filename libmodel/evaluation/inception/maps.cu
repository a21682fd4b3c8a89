#include <ATen/core/Tensor.h>
#include <ATen/cuda/CUDAContext.h>
#include <ATen/ops/empty.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/util/Half.h>

#include <limits>
#include <string>

#include "base/error.hpp"
#include "libmodel/evaluation/inception/maps.hpp"
#include "libmodel/evaluation/inception/maps_point.hpp"

namespace checkerlab::model {
namespace {

constexpr int kThreads = 256;
constexpr int kTogether = 4;  // values that a thread of add_bias_relu works on

template <typename T, int kWidth>
__global__ void largest_kernel(const Pack<T, kWidth>* maps, Pack<T, kWidth>* output, PoolShape shape) {
  const std::int64_t index = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (index < shape.outputs()) output[index] = largest_point(maps, shape, static_cast<std::int32_t>(index));
}

template <typename T, int kWidth>
__global__ void average_kernel(const Pack<T, kWidth>* maps, const float* bias, Pack<T, kWidth>* output,
                               PoolShape shape) {
  const std::int64_t index = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (index < shape.outputs())
    output[index] = average_bias_relu_point(maps, bias, shape, static_cast<std::int32_t>(index));
}

__global__ void bias_kernel(float* maps, const float* bias, std::int32_t channels, std::int32_t area,
                            std::int32_t total) {
  const std::int64_t first = (std::int64_t{blockIdx.x} * kThreads + threadIdx.x) * kTogether;
  if (first >= total) return;
  const auto begin = static_cast<std::int32_t>(first);
  if (total - begin < kTogether) {
    add_bias_relu_point(maps + begin, bias, channels, area, begin, total - begin);
    return;
  }
  float4 four = *reinterpret_cast<const float4*>(maps + begin);
  float values[kTogether] = {four.x, four.y, four.z, four.w};
  add_bias_relu_point(values, bias, channels, area, begin, kTogether);
  *reinterpret_cast<float4*>(maps + begin) = make_float4(values[0], values[1], values[2], values[3]);
}

unsigned blocks_for(std::int64_t threads) {
  return static_cast<unsigned>((threads + kThreads - 1) / kThreads);
}

void check_size(const at::Tensor& maps) {
  if (maps.numel() < std::numeric_limits<std::int32_t>::max()) return;
  throw Error(ErrorCode::invalid_argument,
              "maps of " + std::to_string(maps.numel()) + " values are more than a kernel takes",
              "Use a smaller batch");
}

// `width`: channels in a pack; 0: contiguous maps.
PoolShape shape_of(const at::Tensor& maps, int width, std::int64_t stride, std::int64_t padding) {
  const auto size = [&](int i) { return static_cast<std::int32_t>(maps.size(i)); };
  const auto out = [&](int i) { return static_cast<std::int32_t>((maps.size(i) + 2 * padding - 3) / stride + 1); };
  return {.count = width == 0 ? size(0) * size(1) : size(0),
          .height = size(2),
          .width = size(3),
          .packs = width == 0 ? 1 : size(1) / width,
          .out_height = out(2),
          .out_width = out(3),
          .stride = static_cast<std::int32_t>(stride),
          .padding = static_cast<std::int32_t>(padding),
          .planes = width == 0 ? size(1) : 1};
}

template <typename T, int kWidth>
void pool_packs(const at::Tensor& maps, const at::Tensor* bias, const at::Tensor& output, const PoolShape& shape) {
  const auto* from = reinterpret_cast<const Pack<T, kWidth>*>(maps.const_data_ptr<T>());
  auto* to = reinterpret_cast<Pack<T, kWidth>*>(output.mutable_data_ptr<T>());
  const auto stream = at::cuda::getCurrentCUDAStream();
  if (shape.outputs() == 0) return;
  if (bias == nullptr) {
    largest_kernel<T, kWidth><<<blocks_for(shape.outputs()), kThreads, 0, stream>>>(from, to, shape);
  } else {
    average_kernel<T, kWidth>
        <<<blocks_for(shape.outputs()), kThreads, 0, stream>>>(from, bias->const_data_ptr<float>(), to, shape);
  }
  C10_CUDA_KERNEL_LAUNCH_CHECK();
}

at::Tensor pool(const at::Tensor& input, const at::Tensor* bias, std::int64_t stride, std::int64_t padding) {
  check_size(input);
  const c10::cuda::CUDAGuard guard(input.device());
  constexpr std::int64_t kFloats = 4, kHalves = 8;  // 16 bytes
  const bool half = input.scalar_type() == at::kHalf;
  const bool last = half || !input.is_contiguous();
  const auto format = last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
  const at::Tensor maps = input.contiguous(format);
  const int width = static_cast<int>(!last ? 0 : half ? kHalves : kFloats);
  if (last && maps.size(1) % width != 0)
    throw Error(ErrorCode::invalid_argument, "maps of " + std::to_string(maps.size(1)) + " channels cannot be pooled");
  const PoolShape shape = shape_of(maps, width, stride, padding);
  const at::Tensor output =
      at::empty({maps.size(0), maps.size(1), shape.out_height, shape.out_width}, maps.options(), format);
  if (half) {
    pool_packs<c10::Half, kHalves>(maps, bias, output, shape);
  } else if (last) {
    pool_packs<float, kFloats>(maps, bias, output, shape);
  } else {
    pool_packs<float, 1>(maps, bias, output, shape);
  }
  return output;
}

}  // namespace

void add_bias_relu_cuda(at::Tensor& maps, const at::Tensor& bias) {
  check_size(maps);
  const c10::cuda::CUDAGuard guard(maps.device());
  if (maps.scalar_type() != at::kFloat || !maps.is_contiguous())
    throw Error(ErrorCode::invalid_argument, "a bias can be added to contiguous fp32 maps only");
  if (maps.numel() == 0) return;
  const auto stream = at::cuda::getCurrentCUDAStream();
  bias_kernel<<<blocks_for((maps.numel() + kTogether - 1) / kTogether), kThreads, 0, stream>>>(
      maps.mutable_data_ptr<float>(), bias.const_data_ptr<float>(), static_cast<std::int32_t>(maps.size(1)),
      static_cast<std::int32_t>(maps.size(2) * maps.size(3)), static_cast<std::int32_t>(maps.numel()));
  C10_CUDA_KERNEL_LAUNCH_CHECK();
}

at::Tensor largest_cuda(const at::Tensor& maps, std::int64_t stride, std::int64_t padding) {
  return pool(maps, nullptr, stride, padding);
}

at::Tensor average_bias_relu_cuda(const at::Tensor& maps, const at::Tensor& bias) {
  return pool(maps, &bias, 1, 1);
}

}  // namespace checkerlab::model
