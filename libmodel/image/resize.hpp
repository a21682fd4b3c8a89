#pragma once

#include <cstdint>

#include "libmodel/image/image.hpp"

namespace checkerlab::model {

enum class ResizeFilter { box, bicubic };

// Resizes as Pillow 11 does, to the bit: two passes (columns first, then rows), each with antialiasing and each
// rounded to eight bits; a pass whose side does not change is left out.
//
// Output i of n_out from n_in: scale = n_in / n_out, s = max(scale, 1), centre c = (i + 1/2) * scale, support r = 2s
// (bicubic) or s/2 (box); inputs j in [max(0, floor(c - r + 1/2)), min(n_in, floor(c + r + 1/2))); weight
// f((j - c + 1/2) / s) over the sum of the weights in doubles, then round(w * 2^22) and
// (2^21 + sum w u) >> 22 clipped to 0..255. Bicubic has a = -1/2; box is 1 on (-1/2, 1/2].
//
// Throws Error when a side is not positive or the image is empty. Thread-safe.
Image resize(const Image& image, std::int64_t width, std::int64_t height, ResizeFilter filter);

}  // namespace checkerlab::model
