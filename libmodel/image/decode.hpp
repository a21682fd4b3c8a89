#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "libmodel/image/image.hpp"

namespace checkerlab::model {

// Bounds of what a decoder accepts from outside, checked from the header before any pixel is allocated.
struct DecodeLimits {
  std::size_t max_bytes = std::size_t{256} << 20;
  std::int64_t max_side = 32768;
  std::int64_t max_pixels = std::int64_t{1} << 27;
};

// Decodes a JPEG or PNG file held in memory to RGB. The format is told by the first bytes, not by the name.
//
// Grey images repeat their channel, palettes are looked up, 16-bit samples keep their high byte, an alpha channel is
// dropped. JPEG uses libjpeg-turbo's default settings (the accurate integer transform, fancy upsampling).
// `name` appears in messages only. Thread-safe: keeps no state between calls.
// Throws Error when the data are damaged or cut short, not JPEG or PNG, in a colour space we do not read (CMYK), or
// beyond the limits. Damaged data never end the process.
Image decode_image(std::span<const std::uint8_t> bytes, std::string_view name, const DecodeLimits& limits = {});

}  // namespace checkerlab::model
