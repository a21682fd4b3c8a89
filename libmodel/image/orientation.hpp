#pragma once

#include <cstdint>
#include <span>

#include "libmodel/image/image.hpp"

namespace checkerlab::model {

// How the stored rows of an image relate to the upright picture: the values 1 to 8 of the EXIF tag 0x0112 (EXIF 2.3,
// section 4.6.4), named by what must be done to the stored image.
enum class Orientation {
  upright = 1,
  mirror = 2,          // left to right
  half_turn = 3,       // by 180 degrees
  flip = 4,            // top to bottom
  transpose = 5,       // along the main diagonal
  quarter_right = 6,   // by 90 degrees clockwise
  anti_transpose = 7,  // along the other diagonal
  quarter_left = 8,    // by 90 degrees counterclockwise
};

// The orientation in an EXIF block (a TIFF structure, with or without "Exif\0\0" before it). Upright where there is
// none, or the block is damaged: nothing but the picture's pose hangs on it. Never reads outside the block.
Orientation exif_orientation(std::span<const std::uint8_t> block);

// The image as it is meant to be looked at.
Image turn_upright(Image image, Orientation orientation);

}  // namespace checkerlab::model
