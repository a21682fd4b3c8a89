#include "libmodel/image/resize.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace checkerlab::model {

namespace {

constexpr int kPrecisionBits = 22;

double bicubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

double box(double x) {
  return x > -0.5 && x <= 0.5 ? 1 : 0;
}

// The integer weights of one output place over the inputs first, first + 1, ...
struct Taps {
  std::int64_t first = 0;
  std::vector<std::int32_t> weights;
};

Taps taps_of(std::int64_t place, std::int64_t in, double scale, ResizeFilter filter) {
  const double stretch = std::max(scale, 1.0);
  const double support = stretch * (filter == ResizeFilter::bicubic ? 2.0 : 0.5);
  const double centre = (static_cast<double>(place) + 0.5) * scale;
  Taps taps;
  taps.first = std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(centre - support + 0.5)));
  const auto end = std::min(in, static_cast<std::int64_t>(std::floor(centre + support + 0.5)));
  std::vector<double> weights;
  double total = 0;
  for (auto j = taps.first; j < end; ++j) {
    const double x = (static_cast<double>(j) - centre + 0.5) / stretch;
    weights.push_back(filter == ResizeFilter::bicubic ? bicubic(x) : box(x));
    total += weights.back();
  }
  for (const double weight : weights) {
    taps.weights.push_back(static_cast<std::int32_t>(std::round(weight / total * (1 << kPrecisionBits))));
  }
  return taps;
}

std::vector<Taps> all_taps(std::int64_t in, std::int64_t out, ResizeFilter filter) {
  const double scale = static_cast<double>(in) / static_cast<double>(out);
  std::vector<Taps> taps;
  taps.reserve(static_cast<std::size_t>(out));
  for (std::int64_t i = 0; i < out; ++i)
    taps.push_back(taps_of(i, in, scale, filter));
  return taps;
}

// One weighted sum over samples `step` bytes apart, rounded and clipped.
std::uint8_t apply(const Taps& taps, const std::uint8_t* samples, std::int64_t step) {
  std::int64_t sum = std::int64_t{1} << (kPrecisionBits - 1);
  const std::uint8_t* sample = samples + taps.first * step;
  for (const auto weight : taps.weights) {
    sum += std::int64_t{weight} * *sample;
    sample += step;
  }
  return static_cast<std::uint8_t>(std::clamp<std::int64_t>(sum >> kPrecisionBits, 0, 255));
}

Image resize_columns(const Image& image, std::int64_t width, ResizeFilter filter) {
  const auto taps = all_taps(image.width, width, filter);
  Image out(width, image.height);
  for (std::int64_t y = 0; y < image.height; ++y) {
    const auto* source = image.row(y);
    auto* target = out.row(y);
    for (const auto& tap : taps) {
      for (std::int64_t channel = 0; channel < 3; ++channel)
        *target++ = apply(tap, source + channel, 3);
    }
  }
  return out;
}

Image resize_rows(const Image& image, std::int64_t height, ResizeFilter filter) {
  const auto taps = all_taps(image.height, height, filter);
  Image out(image.width, height);
  const auto stride = image.width * 3;
  for (std::int64_t y = 0; y < height; ++y) {
    auto* target = out.row(y);
    for (std::int64_t x = 0; x < stride; ++x) {
      target[x] = apply(taps[static_cast<std::size_t>(y)], image.pixels.data() + x, stride);
    }
  }
  return out;
}

}  // namespace

Image resize(const Image& image, std::int64_t width, std::int64_t height, ResizeFilter filter) {
  if (image.pixels.empty() || width < 1 || height < 1) {
    throw Error(ErrorCode::invalid_argument, "cannot resize an image of " + std::to_string(image.width) + "x" +
                                                 std::to_string(image.height) + " pixels to " + std::to_string(width) +
                                                 "x" + std::to_string(height));
  }
  Image out = width == image.width ? image : resize_columns(image, width, filter);
  return height == out.height ? out : resize_rows(out, height, filter);
}

}  // namespace checkerlab::model
