// One value of the resize (resize.hpp), for processors and kernels alike. Internal to inception/.
#pragma once

#include <cstdint>

#include "libmodel/random/philox.hpp"

namespace checkerlab::model {

// a + (b − a) · t with every operation rounded, never fused.
CHECKERLAB_HOST_DEVICE inline float lerp_rounded(float a, float b, float t) {
#if defined(__CUDA_ARCH__)
  return __fadd_rn(a, __fmul_rn(__fsub_rn(b, a), t));
#else
  const volatile float product = (b - a) * t;
  return a + product;
#endif
}

struct ResizeSource {
  std::int32_t low, high;
  float fraction;
};

// Where output `i` comes from; `scale` is float(in) / float(out).
CHECKERLAB_HOST_DEVICE inline ResizeSource resize_source(std::int32_t i, std::int32_t in, float scale) {
#if defined(__CUDA_ARCH__)
  const float x = __fmul_rn(static_cast<float>(i), scale);
#else
  const volatile float x = static_cast<float>(i) * scale;
#endif
  const float place = x;
  const auto low = static_cast<std::int32_t>(place);  // never negative: truncation is the floor
  return {low < in ? low : in - 1, low + 1 < in ? low + 1 : in - 1, place - static_cast<float>(low)};
}

// `row_low` and `row_high` are two rows of pixels of three channels.
CHECKERLAB_HOST_DEVICE inline float resize_point(const std::uint8_t* row_low, const std::uint8_t* row_high,
                                                 const ResizeSource& x, const ResizeSource& y, std::int32_t channel) {
  const float top = lerp_rounded(row_low[3 * x.low + channel], row_low[3 * x.high + channel], x.fraction);
  const float bottom = lerp_rounded(row_high[3 * x.low + channel], row_high[3 * x.high + channel], x.fraction);
  return lerp_rounded(top, bottom, y.fraction);
}

}  // namespace checkerlab::model
