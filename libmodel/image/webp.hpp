// One WebP file from memory. Internal to image/.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "libmodel/image/orientation.hpp"

namespace checkerlab::model {

struct WebpHeader {
  std::int64_t width = 0;
  std::int64_t height = 0;
  bool alpha = false;
  std::string error;  // why the file cannot be read; empty when it can
};

// True when the data begin like a WebP file.
bool is_webp(std::span<const std::uint8_t> bytes);

// Size from the header. Animations are refused.
WebpHeader read_webp_header(std::span<const std::uint8_t> bytes);

// Writes width * height * 3 bytes, alpha dropped. Returns what is wrong with the data; empty when nothing is.
std::string read_webp_pixels(std::span<const std::uint8_t> bytes, const WebpHeader& header, std::uint8_t* pixels);

// From the EXIF chunk, where there is one.
Orientation webp_orientation(std::span<const std::uint8_t> bytes);

}  // namespace checkerlab::model
