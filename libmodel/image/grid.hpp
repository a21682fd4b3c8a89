#pragma once

#include <cstdint>
#include <vector>

#include "libmodel/image/image.hpp"

namespace checkerlab::model {

// How a sheet of equally large images is laid out.
struct GridLayout {
  std::int64_t columns = 1;
  std::int64_t gap = 2;            // pixels between neighbours and around the sheet
  std::int64_t magnification = 1;  // each pixel becomes a square of that many, so that small images can be seen
  std::uint8_t background = 255;   // grey value between the images
};

// Puts the images on one sheet, row by row. Throws Error when there are none, their sizes differ, or the layout has
// no column or a magnification below one.
Image compose_grid(const std::vector<Image>& images, const GridLayout& layout);

}  // namespace checkerlab::model
