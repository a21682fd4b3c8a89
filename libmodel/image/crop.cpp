#include "libmodel/image/crop.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.hpp"
#include "libmodel/image/resize.hpp"

namespace checkerlab::model {

Image crop(const Image& image, std::int64_t x, std::int64_t y, std::int64_t width, std::int64_t height) {
  if (x < 0 || y < 0 || width < 1 || height < 1 || x + width > image.width || y + height > image.height) {
    throw Error(ErrorCode::invalid_argument, "cannot cut " + std::to_string(width) + "x" + std::to_string(height) +
                                                 " pixels at (" + std::to_string(x) + ", " + std::to_string(y) +
                                                 ") out of an image of " + std::to_string(image.width) + "x" +
                                                 std::to_string(image.height));
  }
  Image out(width, height);
  for (std::int64_t row = 0; row < height; ++row) {
    std::copy_n(image.row(y + row) + x * 3, width * 3, out.row(row));
  }
  return out;
}

Image mirror(const Image& image) {
  Image out(image.width, image.height);
  for (std::int64_t y = 0; y < image.height; ++y) {
    for (std::int64_t x = 0; x < image.width; ++x) {
      std::copy_n(image.row(y) + x * 3, 3, out.row(y) + (image.width - 1 - x) * 3);
    }
  }
  return out;
}

Image resize_shorter_side(const Image& image, std::int64_t side) {
  Image current = image;
  while (side > 0 && std::min(current.width, current.height) >= 2 * side) {
    current = resize(current, current.width / 2, current.height / 2, ResizeFilter::box);
  }
  const double factor = static_cast<double>(side) / static_cast<double>(std::min(current.width, current.height));
  const auto scaled = [factor](std::int64_t length) {
    return static_cast<std::int64_t>(std::nearbyint(static_cast<double>(length) * factor));
  };
  return resize(current, scaled(current.width), scaled(current.height), ResizeFilter::bicubic);
}

Image centre_crop(const Image& image, std::int64_t side) {
  return crop(image, (image.width - side) / 2, (image.height - side) / 2, side, side);
}

Image fit_square(const Image& image, std::int64_t side) {
  if (image.width == side && image.height == side) return image;
  return centre_crop(resize_shorter_side(image, side), side);
}

std::int64_t ten_crop_source_side(std::int64_t target) {
  return target * 11 / 10;
}

std::array<Image, 10> ten_crop(const Image& image, std::int64_t target) {
  const auto right = image.width - target;
  const auto bottom = image.height - target;
  const auto middle = [](std::int64_t rest) {
    return static_cast<std::int64_t>(std::nearbyint(static_cast<double>(rest) / 2));
  };
  const auto five = [&](const Image& source) {
    const auto cut = [&](std::int64_t x, std::int64_t y) { return crop(source, x, y, target, target); };
    return std::array<Image, 5>{cut(0, 0), cut(right, 0), cut(0, bottom), cut(right, bottom),
                                cut(middle(right), middle(bottom))};
  };
  auto plain = five(image);
  auto mirrored = five(mirror(image));
  std::array<Image, 10> all;
  std::move(plain.begin(), plain.end(), all.begin());
  std::move(mirrored.begin(), mirrored.end(), all.begin() + 5);
  return all;
}

}  // namespace checkerlab::model
