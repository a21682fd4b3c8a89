#pragma once

#include <cstdint>
#include <vector>

#include "libmodel/image/image.hpp"

namespace checkerlab::model {

// The image as a PNG file in memory (RGB, eight bits). The same image gives the same bytes. Throws Error when the
// image is empty.
std::vector<std::uint8_t> encode_png(const Image& image);

}  // namespace checkerlab::model
