#include "libmodel/image/decode.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "libmodel/image/jpeg_rows.hpp"
#include "libmodel/image/png_rows.hpp"

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

Image decode_jpeg(std::span<const std::uint8_t> bytes, std::string_view name, const DecodeLimits& limits) {
  JpegRows rows(bytes.data(), bytes.size());
  if (!rows.read_header()) broken(name, rows.error());
  check_size(rows.width(), rows.height(), name, limits);
  Image image(rows.width(), rows.height());
  if (!rows.read_pixels(image.pixels.data())) broken(name, rows.error());
  return image;
}

Image decode_png(std::span<const std::uint8_t> bytes, std::string_view name, const DecodeLimits& limits) {
  PngRows rows(bytes.data(), bytes.size());
  if (!rows.read_header(limits.max_side)) broken(name, rows.error());
  check_size(rows.width(), rows.height(), name, limits);
  Image image(rows.width(), rows.height());
  std::vector<std::uint8_t*> starts(static_cast<std::size_t>(rows.height()));
  if (!rows.read_pixels(image.pixels.data(), starts.data())) broken(name, rows.error());
  return image;
}

}  // namespace

Image decode_image(std::span<const std::uint8_t> bytes, std::string_view name, const DecodeLimits& limits) {
  if (bytes.empty()) broken(name, "the file is empty");
  if (bytes.size() > limits.max_bytes) {
    broken(name,
           std::to_string(bytes.size()) + " bytes are more than the limit of " + std::to_string(limits.max_bytes));
  }
  if (starts_with(bytes, kJpegStart)) return decode_jpeg(bytes, name, limits);
  if (starts_with(bytes, kPngStart)) return decode_png(bytes, name, limits);
  broken(name, "it is neither JPEG nor PNG");
}

}  // namespace checkerlab::model
