#pragma once

#include <cstdint>

#include "libmodel/data/dataset.hpp"
#include "libmodel/image/image.hpp"
#include "libmodel/observer.hpp"

namespace checkerlab::model {

// Procedural class-conditional images: a shape (its kind is the class) of random colour, position and size before a
// random colour gradient. Enough structure for small models to learn, and no files needed.
struct ShapesOptions {
  std::int64_t classes = 4;  // 2 ... kShapeKinds
  std::int64_t images_train = 0;
  std::int64_t images_test = 0;
  std::int64_t size = 16;  // side in pixels, at least 8
  std::uint64_t seed = 0;
};

// How many kinds of shapes there are: disc, square, cross, stripes, triangle, ring, diamond, bars.
inline constexpr std::int64_t kShapeKinds = 8;

// Image `index` of the class `label`: a function of (seed, index, label, size) alone.
Image draw_shape(std::uint64_t seed, std::int64_t index, std::int64_t label, std::int64_t size);

// Labels go round-robin. Test images take the indices after the training images. Throws Error on options out of range.
Dataset generate_shapes(const ShapesOptions& options, Observer& observer);

}  // namespace checkerlab::model
