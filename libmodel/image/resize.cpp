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

// Sums of weighted samples begin at one half. The weights sum to 2^22 and their absolute values to less than 1.4 times
// that, so the sums stay below 2^31.
constexpr std::int32_t kHalf = 1 << (kPrecisionBits - 1);

std::uint8_t rounded(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::clamp(sum >> kPrecisionBits, 0, 255));
}

Image resize_columns(const Image& image, std::int64_t width, ResizeFilter filter) {
  const auto taps = all_taps(image.width, width, filter);
  Image out(width, image.height);
  for (std::int64_t y = 0; y < image.height; ++y) {
    auto* target = out.row(y);
    for (const auto& tap : taps) {
      const auto* sample = image.row(y) + tap.first * 3;
      std::int32_t red = kHalf, green = kHalf, blue = kHalf;
      for (const auto weight : tap.weights) {
        red += weight * sample[0];
        green += weight * sample[1];
        blue += weight * sample[2];
        sample += 3;
      }
      *target++ = rounded(red);
      *target++ = rounded(green);
      *target++ = rounded(blue);
    }
  }
  return out;
}

// Row by row, so that memory is read in order and the compiler can work on many samples at once.
Image resize_rows(const Image& image, std::int64_t height, ResizeFilter filter) {
  const auto taps = all_taps(image.height, height, filter);
  Image out(image.width, height);
  std::vector<std::int32_t> sums(static_cast<std::size_t>(image.width * 3));
  for (std::int64_t y = 0; y < height; ++y) {
    const auto& tap = taps[static_cast<std::size_t>(y)];
    std::fill(sums.begin(), sums.end(), kHalf);
    for (std::size_t k = 0; k < tap.weights.size(); ++k) {
      const auto weight = tap.weights[k];
      const auto* const source = image.row(tap.first + static_cast<std::int64_t>(k));
      for (std::size_t x = 0; x < sums.size(); ++x)
        sums[x] += weight * source[x];
    }
    auto* const target = out.row(y);
    for (std::size_t x = 0; x < sums.size(); ++x)
      target[x] = rounded(sums[x]);
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
