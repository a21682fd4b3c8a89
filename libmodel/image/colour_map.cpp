#include "libmodel/image/colour_map.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

// Colours at equal distances; between them the channels are interpolated.
constexpr std::array<std::array<double, 3>, 9> kAnchors{{{68, 1, 84},
                                                         {71, 44, 122},
                                                         {59, 81, 139},
                                                         {44, 113, 142},
                                                         {33, 144, 141},
                                                         {39, 173, 129},
                                                         {92, 200, 99},
                                                         {170, 220, 50},
                                                         {253, 231, 37}}};

}  // namespace

std::array<std::uint8_t, 3> map_colour(double value) {
  if (std::isnan(value)) return {128, 128, 128};
  const double place = std::clamp(value, 0.0, 1.0) * (kAnchors.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(place), kAnchors.size() - 2);
  const double share = place - static_cast<double>(below);
  std::array<std::uint8_t, 3> colour{};
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const double mixed = (1 - share) * kAnchors[below][channel] + share * kAnchors[below + 1][channel];
    colour[channel] = static_cast<std::uint8_t>(std::lround(mixed));
  }
  return colour;
}

Image colour_image(const at::Tensor& values, double low, double high, std::int64_t side) {
  if (values.dim() != 2 || values.numel() == 0)
    throw Error(ErrorCode::invalid_argument, "only a grid of numbers can be shown as a map");
  const at::Tensor plain = values.to(at::kCPU, at::kDouble).contiguous();
  const double* numbers = plain.const_data_ptr<double>();
  Image image(plain.size(1), plain.size(0));
  for (std::int64_t i = 0; i < plain.numel(); ++i) {
    const auto colour = map_colour(high == low ? 0 : (numbers[i] - low) / (high - low));
    std::copy(colour.begin(), colour.end(), image.pixels.begin() + 3 * i);
  }
  return enlarge(image, side);
}

Image enlarge(const Image& image, std::int64_t side) {
  if (image.pixels.empty() || side < 1) throw Error(ErrorCode::invalid_argument, "an empty image cannot be enlarged");
  Image large(side, side);
  for (std::int64_t y = 0; y < side; ++y) {
    const std::uint8_t* source = image.row(y * image.height / side);
    for (std::int64_t x = 0; x < side; ++x) {
      std::copy_n(source + x * image.width / side * 3, 3, large.row(y) + 3 * x);
    }
  }
  return large;
}

}  // namespace checkerlab::model
