// What one thread of the kernels of maps.hpp computes, for processors and kernels alike. Internal to inception/.
#pragma once

#include <cstdint>

#include "libmodel/random/philox.hpp"

namespace checkerlab::model {

// Values of neighbouring channels that are read and written at once.
template <typename T, int kWidth>
struct alignas(sizeof(T) * kWidth) Pack {
  T values[kWidth];
};

// Maps as rows of packs: [count, height, width, packs]. Contiguous maps are count = N·C planes of one pack of width 1,
// channels_last ones N images of C / width packs.
struct PoolShape {
  std::int32_t count, height, width, packs;
  std::int32_t out_height, out_width, stride, padding;
  std::int32_t planes;  // C where each plane stands alone, else 1

  CHECKERLAB_HOST_DEVICE std::int64_t outputs() const { return std::int64_t{count} * out_height * out_width * packs; }
};

// A 3×3 window, cut at the maps' edge, and whose output it is.
struct PoolWindow {
  std::int32_t image, pack, top, bottom, left, right;  // rows [top, bottom), columns [left, right)
};

CHECKERLAB_HOST_DEVICE inline PoolWindow pool_window(const PoolShape& shape, std::int32_t index) {
  const std::int32_t pack = index % shape.packs;
  index /= shape.packs;
  const std::int32_t left = index % shape.out_width * shape.stride - shape.padding;
  index /= shape.out_width;
  const std::int32_t top = index % shape.out_height * shape.stride - shape.padding;
  const std::int32_t bottom = top + 3, right = left + 3;
  return {index / shape.out_height, pack,
          top < 0 ? 0 : top,        bottom > shape.height ? shape.height : bottom,
          left < 0 ? 0 : left,      right > shape.width ? shape.width : right};
}

template <typename T, int kWidth, typename Take>
CHECKERLAB_HOST_DEVICE inline void visit_window(const Pack<T, kWidth>* maps, const PoolShape& shape,
                                                const PoolWindow& window, const Take& take) {
  for (std::int32_t y = window.top; y < window.bottom; ++y) {
    const std::int64_t row = (std::int64_t{window.image} * shape.height + y) * shape.width;
    for (std::int32_t x = window.left; x < window.right; ++x) {
      const Pack<T, kWidth> pack = maps[(row + x) * shape.packs + window.pack];
      for (int i = 0; i < kWidth; ++i)
        take(i, static_cast<float>(pack.values[i]));
    }
  }
}

template <typename T, int kWidth>
CHECKERLAB_HOST_DEVICE inline Pack<T, kWidth> largest_point(const Pack<T, kWidth>* maps, const PoolShape& shape,
                                                            std::int32_t index) {
  const PoolWindow window = pool_window(shape, index);
  float most[kWidth];
  for (int i = 0; i < kWidth; ++i)
    most[i] = -3.4e38f;
  // NaN stays NaN, as in the other functions here.
  visit_window(maps, shape, window,
               [&](int i, float value) { most[i] = value > most[i] || value != value ? value : most[i]; });
  Pack<T, kWidth> result;
  for (int i = 0; i < kWidth; ++i)
    result.values[i] = static_cast<T>(most[i]);
  return result;
}

template <typename T, int kWidth>
CHECKERLAB_HOST_DEVICE inline Pack<T, kWidth> average_bias_relu_point(const Pack<T, kWidth>* maps, const float* bias,
                                                                      const PoolShape& shape, std::int32_t index) {
  const PoolWindow window = pool_window(shape, index);
  float sums[kWidth] = {};
  visit_window(maps, shape, window, [&](int i, float value) { sums[i] += value; });
  const auto values = static_cast<float>((window.bottom - window.top) * (window.right - window.left));
  const std::int32_t channel = shape.planes > 1 ? window.image % shape.planes : window.pack * kWidth;
  Pack<T, kWidth> result;
  for (int i = 0; i < kWidth; ++i) {
    const float sum = sums[i] / values + bias[channel + i];
    result.values[i] = static_cast<T>(sum < 0 ? 0.0f : sum);
  }
  return result;
}

// Four neighbouring values of contiguous maps [.., channels, area]; `last` is how many of them exist.
CHECKERLAB_HOST_DEVICE inline void add_bias_relu_point(float* values, const float* bias, std::int32_t channels,
                                                       std::int32_t area, std::int32_t first, std::int32_t last) {
  std::int32_t plane = first / area, within = first - plane * area;
  std::int32_t channel = plane % channels;
  for (std::int32_t i = 0; i < last; ++i) {
    const float sum = values[i] + bias[channel];
    values[i] = sum < 0 ? 0.0f : sum;
    if (++within < area) continue;
    within = 0;
    channel = channel + 1 < channels ? channel + 1 : 0;
  }
}

}  // namespace checkerlab::model
