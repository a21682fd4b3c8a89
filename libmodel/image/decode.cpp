#include "libmodel/image/decode.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "libmodel/image/jpeg_rows.hpp"
#include "libmodel/image/orientation.hpp"
#include "libmodel/image/png_rows.hpp"
#include "libmodel/image/webp.hpp"

namespace checkerlab::model {

namespace {

constexpr std::array<std::uint8_t, 8> kPngStart{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
constexpr std::array<std::uint8_t, 3> kJpegStart{0xff, 0xd8, 0xff};

template <std::size_t size>
bool starts_with(std::span<const std::uint8_t> bytes, const std::array<std::uint8_t, size>& start) {
  return bytes.size() >= size && std::equal(start.begin(), start.end(), bytes.begin());
}

[[noreturn]] void broken(std::string_view name, const std::string& reason) {
  throw Error(ErrorCode::invalid_data, "image " + std::string(name) + " cannot be read: " + reason,
              "Replace or remove the file.");
}

void check_size(std::int64_t width, std::int64_t height, std::string_view name, const DecodeLimits& limits) {
  const auto size = std::to_string(width) + "x" + std::to_string(height) + " pixels";
  if (width < 1 || height < 1) broken(name, "it has " + size);
  if (std::max(width, height) > limits.max_side || width * height > limits.max_pixels) {
    broken(name, size + " are more than the limit of " + std::to_string(limits.max_pixels) + " pixels or " +
                     std::to_string(limits.max_side) + " a side");
  }
}

// a * b / 255, rounded.
std::uint8_t scaled_product(unsigned a, unsigned b) {
  const unsigned product = a * b + 128;
  return static_cast<std::uint8_t>((product + (product >> 8)) >> 8);
}

// Inverted CMYK (255 = no ink) to RGB.
void ink_to_light(const std::vector<std::uint8_t>& inks, std::vector<std::uint8_t>& pixels) {
  for (std::size_t i = 0; i < inks.size() / 4; ++i) {
    const unsigned light = inks[4 * i + 3];
    for (std::size_t channel = 0; channel < 3; ++channel) {
      const unsigned ink = 255U - inks[4 * i + channel];
      pixels[3 * i + channel] = static_cast<std::uint8_t>(light - scaled_product(ink, light));
    }
  }
}

// An image and how it must be turned.
struct Decoded {
  Image image;
  Orientation orientation = Orientation::upright;
  ImageForm form;
};

Decoded decode_jpeg(std::span<const std::uint8_t> bytes, std::string_view name, const DecodeLimits& limits) {
  JpegRows rows(bytes.data(), bytes.size());
  if (!rows.read_header()) broken(name, rows.error());
  check_size(rows.width(), rows.height(), name, limits);
  Image image(rows.width(), rows.height());
  const auto orientation = exif_orientation(rows.exif());
  if (rows.channels() == 3) {
    if (!rows.read_pixels(image.pixels.data())) broken(name, rows.error());
  } else {
    std::vector<std::uint8_t> inks(image.pixels.size() / 3 * 4);
    if (!rows.read_pixels(inks.data())) broken(name, rows.error());
    ink_to_light(inks, image.pixels);
  }
  return {std::move(image), orientation, {.grey = rows.is_grey(), .cmyk = rows.channels() == 4, .jpeg = true}};
}

Decoded decode_webp(std::span<const std::uint8_t> bytes, std::string_view name, const DecodeLimits& limits) {
  const auto header = read_webp_header(bytes);
  if (!header.error.empty()) broken(name, header.error);
  check_size(header.width, header.height, name, limits);
  Image image(header.width, header.height);
  const auto error = read_webp_pixels(bytes, header, image.pixels.data());
  if (!error.empty()) broken(name, error);
  return {std::move(image), webp_orientation(bytes), {.alpha = header.alpha}};
}

Decoded decode_png(std::span<const std::uint8_t> bytes, std::string_view name, const DecodeLimits& limits) {
  PngRows rows(bytes.data(), bytes.size());
  if (!rows.read_header(limits.max_side)) broken(name, rows.error());
  check_size(rows.width(), rows.height(), name, limits);
  Image image(rows.width(), rows.height());
  const ImageForm form{.grey = rows.is_grey(), .alpha = rows.has_alpha(), .sixteen_bit = rows.bit_depth() == 16};
  std::vector<std::uint8_t*> starts(static_cast<std::size_t>(rows.height()));
  if (!rows.read_pixels(image.pixels.data(), starts.data())) broken(name, rows.error());
  return {std::move(image), exif_orientation(rows.exif()), form};
}

Decoded decode(std::span<const std::uint8_t> bytes, std::string_view name, const DecodeLimits& limits) {
  if (starts_with(bytes, kJpegStart)) return decode_jpeg(bytes, name, limits);
  if (starts_with(bytes, kPngStart)) return decode_png(bytes, name, limits);
  if (is_webp(bytes)) return decode_webp(bytes, name, limits);
  broken(name, "it is neither JPEG, PNG nor WebP");
}

}  // namespace

Image decode_image(std::span<const std::uint8_t> bytes, std::string_view name, const DecodeLimits& limits, Pose pose,
                   ImageForm* form) {
  if (bytes.empty()) broken(name, "the file is empty");
  if (bytes.size() > limits.max_bytes) {
    broken(name,
           std::to_string(bytes.size()) + " bytes are more than the limit of " + std::to_string(limits.max_bytes));
  }
  auto decoded = decode(bytes, name, limits);
  decoded.form.turned = decoded.orientation != Orientation::upright;
  if (form != nullptr) *form = decoded.form;
  if (pose == Pose::as_stored) return std::move(decoded.image);
  return turn_upright(std::move(decoded.image), decoded.orientation);
}

}  // namespace checkerlab::model
