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

// Whether an image's EXIF orientation is applied.
enum class Pose {
  upright,    // turned as a viewer shows it
  as_stored,  // as the released pipeline takes it (Pillow's open and convert("RGB") leave the tag alone)
};

// What a file was before it became RGB with eight bits.
struct ImageForm {
  bool grey = false;
  bool cmyk = false;         // or YCCK
  bool alpha = false;        // an alpha channel or a transparent colour
  bool sixteen_bit = false;  // samples
  bool jpeg = false;
  bool turned = false;  // its EXIF orientation is not upright
};

// Decodes a JPEG, PNG or WebP file held in memory to RGB. The format is told by the first bytes, not by the name.
//
// Grey images of any depth repeat their channel, palettes are looked up, an alpha channel or transparent colour is
// dropped, interlaced files are read like others. 16-bit samples become round(v / 257); Pillow keeps the high byte of
// 16-bit colours, at most one level beside that, and clips 16-bit grey at 255, which no picture survives. CMYK and YCCK
// JPEGs are taken as inverted, Adobe's convention, and become 255 * (1 - c)(1 - k) in integers, as in Pillow. JPEG uses
// libjpeg-turbo's default settings (the accurate integer transform, fancy upsampling). Colour profiles are not applied.
// `name` appears in messages only; `form`, where given, tells what was met. Thread-safe: keeps no state between calls.
// Throws Error(invalid_data) when the data are damaged or cut short, of another format, an animation, or beyond the
// limits. Damaged data never end the process.
Image decode_image(std::span<const std::uint8_t> bytes, std::string_view name, const DecodeLimits& limits = {},
                   Pose pose = Pose::upright, ImageForm* form = nullptr);

}  // namespace checkerlab::model
