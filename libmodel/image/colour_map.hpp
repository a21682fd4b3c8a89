// Numbers as colours: dark violet over green to yellow, of evenly rising lightness (after viridis, van der Walt & Smith
// 2015), so that a map is read correctly in grey and with any colour vision.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>

#include "libmodel/image/image.hpp"

namespace checkerlab::model {

// The colour of a value in [0, 1]; values outside take the end's colour, NaN is grey.
std::array<std::uint8_t, 3> map_colour(double value);

// A map [S, S] of numbers as a picture of `side` × `side` pixels (each place a square; side is a multiple of S or the
// places differ by a pixel): `low` gets the first colour, `high` the last. Where both are equal everything is `low`.
Image colour_image(const at::Tensor& values, double low, double high, std::int64_t side);

// The image enlarged to `side` × `side` pixels without smoothing.
Image enlarge(const Image& image, std::int64_t side);

}  // namespace checkerlab::model
