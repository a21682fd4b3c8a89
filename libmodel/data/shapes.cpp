#include "libmodel/data/shapes.hpp"

#include <torch/types.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.hpp"
#include "libmodel/image/tensor.hpp"
#include "libmodel/random/philox.hpp"

namespace checkerlab::model {

namespace {

constexpr std::array<const char*, kShapeKinds> kNames{"disc",     "square", "cross",   "stripes",
                                                      "triangle", "ring",   "diamond", "bars"};
constexpr int kSubsamples = 3;  // along a side of a pixel, for smooth edges

using Colour = std::array<double, 3>;

// Numbers in (0, 1) for one image.
class Draws {
 public:
  Draws(std::uint64_t seed, std::int64_t index) : seed_(seed), index_(static_cast<std::uint64_t>(index)) {}
  double next() { return uniform_open(random_words(seed_, RandomDomain::data, index_, 0, count_++).x); }
  double between(double low, double high) { return low + (high - low) * next(); }

 private:
  std::uint64_t seed_;
  std::uint64_t index_;
  std::uint32_t count_ = 0;
};

// Whether the point (x, y), in units of the shape's radius from its centre, is covered.
bool covers(std::int64_t kind, double x, double y) {
  const double ax = std::abs(x);
  const double ay = std::abs(y);
  const double radius = std::sqrt(x * x + y * y);
  switch (kind) {
    case 0:
      return radius < 1;
    case 1:
      return std::max(ax, ay) < 0.85;
    case 2:
      return std::max(ax, ay) < 1 && std::min(ax, ay) < 0.33;
    case 3:
      return std::max(ax, ay) < 1 && std::fmod(y + 1, 0.8) < 0.4;
    case 4:
      return y > -1 && y < 0.8 && ax < (y + 1) * 0.55;
    case 5:
      return radius < 1 && radius > 0.5;
    case 6:
      return ax + ay < 1.1;
    default:
      return std::max(ax, ay) < 1 && std::fmod(x + 1, 0.8) < 0.4;
  }
}

// A bright colour: one channel high, one low, one anywhere between.
Colour shape_colour(Draws& draws) {
  const auto hue = static_cast<std::size_t>(draws.next() * 3);
  const auto turn = static_cast<std::size_t>(draws.next() * 2) + 1;
  Colour colour{};
  colour[hue] = draws.between(0.8, 1);
  colour[(hue + turn) % 3] = draws.between(0.2, 0.9);
  colour[(hue + 3 - turn) % 3] = draws.between(0, 0.2);
  return colour;
}

Colour background_colour(Draws& draws) {
  return {draws.between(0, 0.45), draws.between(0, 0.45), draws.between(0, 0.45)};
}

// Part of the pixel that the shape covers.
double coverage(std::int64_t kind, double x, double y, double step) {
  int hits = 0;
  for (int i = 0; i < kSubsamples; ++i) {
    for (int j = 0; j < kSubsamples; ++j) {
      const double dx = (j + 0.5) / kSubsamples - 0.5;
      const double dy = (i + 0.5) / kSubsamples - 0.5;
      hits += covers(kind, x + dx * step, y + dy * step) ? 1 : 0;
    }
  }
  return static_cast<double>(hits) / (kSubsamples * kSubsamples);
}

void check(const ShapesOptions& options) {
  if (options.classes < 2 || options.classes > kShapeKinds) {
    throw Error(ErrorCode::invalid_argument, "procedural images have 2 to " + std::to_string(kShapeKinds) +
                                                 " classes, not " + std::to_string(options.classes));
  }
  if (options.size < 8 || options.size > 1024) {
    throw Error(ErrorCode::invalid_argument,
                "procedural images have a size of 8 to 1024, not " + std::to_string(options.size));
  }
  if (options.images_train < options.classes || options.images_test < options.classes) {
    throw Error(ErrorCode::invalid_argument, "procedural splits need at least one image a class");
  }
}

void fill(const ShapesOptions& options, std::int64_t first, std::int64_t count, torch::Tensor& images,
          torch::Tensor& labels, Observer& observer) {
  std::vector<Image> drawn;
  for (std::int64_t i = 0; i < count; ++i) {
    if (i % 256 == 0) {
      throw_if_cancelled(observer, "the drawing of images");
      observer.progress(first + i, options.images_train + options.images_test, "images");
    }
    drawn.push_back(draw_shape(options.seed, first + i, i % options.classes, options.size));
  }
  images = images_to_tensor(drawn);
  labels = torch::arange(count, torch::kInt64).remainder(options.classes);
}

}  // namespace

Image draw_shape(std::uint64_t seed, std::int64_t index, std::int64_t label, std::int64_t size) {
  Draws draws(seed, index);
  const double radius = draws.between(0.24, 0.36);
  const double centre_x = draws.between(radius, 1 - radius);
  const double centre_y = draws.between(radius, 1 - radius);
  const auto colour = shape_colour(draws);
  const auto top = background_colour(draws);
  const auto bottom = background_colour(draws);
  const double side = static_cast<double>(size);
  Image image(size, size);
  for (std::int64_t y = 0; y < size; ++y) {
    const double v = (static_cast<double>(y) + 0.5) / side;
    for (std::int64_t x = 0; x < size; ++x) {
      const double u = (static_cast<double>(x) + 0.5) / side;
      const double part = coverage(label, (u - centre_x) / radius, (v - centre_y) / radius, 1 / (side * radius));
      for (std::size_t channel = 0; channel < 3; ++channel) {
        const double behind = top[channel] + (bottom[channel] - top[channel]) * v;
        const double value = behind + (colour[channel] - behind) * part;
        image.row(y)[x * 3 + static_cast<std::int64_t>(channel)] = static_cast<std::uint8_t>(std::lround(value * 255));
      }
    }
  }
  return image;
}

Dataset generate_shapes(const ShapesOptions& options, Observer& observer) {
  check(options);
  Dataset dataset;
  for (std::int64_t i = 0; i < options.classes; ++i)
    dataset.classes.emplace_back(kNames[static_cast<std::size_t>(i)]);
  fill(options, 0, options.images_train, dataset.train_images, dataset.train_labels, observer);
  fill(options, options.images_train, options.images_test, dataset.test_images, dataset.test_labels, observer);
  observer.progress(options.images_train + options.images_test, options.images_train + options.images_test, "images");
  return dataset;
}

}  // namespace checkerlab::model
