#include "libmodel/evaluation/inception/resize.hpp"

#include <ATen/ATen.h>

#include <vector>

#include "libmodel/evaluation/inception/layout.hpp"
#include "libmodel/evaluation/inception/resize_point.hpp"

namespace checkerlab::model {
namespace {

struct Axis {
  at::Tensor low, high;  // int64 [out]
  at::Tensor fraction;   // fp32 [out]
};

std::vector<ResizeSource> sources(std::int64_t in, std::int64_t out) {
  const float scale = static_cast<float>(in) / static_cast<float>(out);
  std::vector<ResizeSource> found;
  for (std::int64_t i = 0; i < out; ++i)
    found.push_back(resize_source(static_cast<std::int32_t>(i), static_cast<std::int32_t>(in), scale));
  return found;
}

Axis axis(std::int64_t in, std::int64_t out, at::Device device) {
  std::vector<std::int64_t> low, high;
  std::vector<float> fraction;
  for (const ResizeSource& source : sources(in, out)) {
    low.push_back(source.low);
    high.push_back(source.high);
    fraction.push_back(source.fraction);
  }
  return {.low = at::tensor(low, at::kLong).to(device),
          .high = at::tensor(high, at::kLong).to(device),
          .fraction = at::tensor(fraction, at::kFloat).to(device)};
}

// One operation after the other, so that none are fused. `low` is used up.
at::Tensor between(at::Tensor low, at::Tensor high, const at::Tensor& fraction) {
  return high.sub_(low).mul_(fraction).add_(low);
}

}  // namespace

at::Tensor resize_bilinear(const at::Tensor& pixels, std::int64_t side) {
  const Axis x = axis(pixels.size(2), side, pixels.device()), y = axis(pixels.size(1), side, pixels.device());
  const at::Tensor values = pixels.to(at::kFloat);
  const at::Tensor rows =
      between(values.index_select(2, x.low), values.index_select(2, x.high), x.fraction.view({1, 1, side, 1}));
  return between(rows.index_select(1, y.low), rows.index_select(1, y.high), y.fraction.view({1, side, 1, 1}));
}

at::Tensor resize_bilinear_reference(const at::Tensor& pixels, std::int64_t side) {
  const at::Tensor source = pixels.contiguous();
  const std::int64_t height = source.size(1), width = source.size(2);
  const auto columns = sources(width, side), rows = sources(height, side);
  at::Tensor resized = at::empty({source.size(0), side, side, 3}, at::kFloat);
  float* value = resized.mutable_data_ptr<float>();
  for (std::int64_t n = 0; n < source.size(0); ++n) {
    const std::uint8_t* image = source.const_data_ptr<std::uint8_t>() + n * height * width * 3;
    for (const ResizeSource& y : rows) {
      for (const ResizeSource& x : columns) {
        for (std::int32_t channel = 0; channel < 3; ++channel)
          *value++ = resize_point(image + y.low * width * 3, image + y.high * width * 3, x, y, channel);
      }
    }
  }
  return resized;
}

at::Tensor inception_input(const at::Tensor& pixels) {
  return resize_bilinear(pixels, kInceptionSide).sub_(128).div_(128).permute({0, 3, 1, 2}).contiguous();
}

}  // namespace checkerlab::model
