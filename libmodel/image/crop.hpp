#pragma once

#include <array>
#include <cstdint>

#include "libmodel/image/image.hpp"

namespace checkerlab::model {

// The rectangle with its top left corner at (x, y). Throws Error when it does not lie inside the image.
Image crop(const Image& image, std::int64_t x, std::int64_t y, std::int64_t width, std::int64_t height);

// The image mirrored left to right.
Image mirror(const Image& image);

// Brings the shorter side to `side`: halves with a box filter while the shorter side is at least twice `side`, then
// bicubic; the longer side keeps the aspect ratio, rounded half to even. Smaller images are enlarged.
Image resize_shorter_side(const Image& image, std::int64_t side);

// The middle side x side square; offsets are floor((length - side) / 2).
Image centre_crop(const Image& image, std::int64_t side);

// `resize_shorter_side` followed by `centre_crop`: a square image of any source. Returns a copy where the image has
// that size already.
Image fit_square(const Image& image, std::int64_t side);

// The side of the square that ten crops of `target` are cut from: floor(1.1 * target).
std::int64_t ten_crop_source_side(std::int64_t target);

// Top left, top right, bottom left, bottom right, centre (offset rounds half to even), then the same five of the
// mirrored image. Throws Error when the image is smaller than `target`.
std::array<Image, 10> ten_crop(const Image& image, std::int64_t target);

}  // namespace checkerlab::model
