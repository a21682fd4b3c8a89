#include "libmodel/image/webp.hpp"

#include <webp/decode.h>

#include <algorithm>
#include <string_view>

namespace checkerlab::model {

namespace {

constexpr std::size_t kRiffHeader = 12;  // "RIFF", size, "WEBP"
constexpr std::size_t kChunkHeader = 8;  // name, size

bool has_text(std::span<const std::uint8_t> bytes, std::size_t at, std::string_view text) {
  if (at > bytes.size() || text.size() > bytes.size() - at) return false;
  return std::equal(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

std::string reason_of(VP8StatusCode status) {
  switch (status) {
    case VP8_STATUS_OUT_OF_MEMORY:
      return "no memory for the WebP decoder";
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      return "it uses a WebP feature that is not read";
    case VP8_STATUS_NOT_ENOUGH_DATA:
      return "the data end too early";
    default:
      return "its WebP data are damaged";
  }
}

}  // namespace

bool is_webp(std::span<const std::uint8_t> bytes) {
  return has_text(bytes, 0, "RIFF") && has_text(bytes, 8, "WEBP");
}

WebpHeader read_webp_header(std::span<const std::uint8_t> bytes) {
  WebPBitstreamFeatures features{};
  const auto status = WebPGetFeatures(bytes.data(), bytes.size(), &features);
  if (status != VP8_STATUS_OK) return {.error = reason_of(status)};
  if (features.has_animation != 0) return {.error = "it is an animation; only still WebP images are read"};
  return {.width = features.width, .height = features.height, .alpha = features.has_alpha != 0, .error = ""};
}

std::string read_webp_pixels(std::span<const std::uint8_t> bytes, const WebpHeader& header, std::uint8_t* pixels) {
  WebPDecoderConfig config{};
  if (WebPInitDecoderConfig(&config) == 0) return "the WebP library is of another version";
  config.output.colorspace = MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = pixels;
  config.output.u.RGBA.stride = static_cast<int>(header.width * 3);
  config.output.u.RGBA.size = static_cast<std::size_t>(header.width * header.height * 3);
  const auto status = WebPDecode(bytes.data(), bytes.size(), &config);
  WebPFreeDecBuffer(&config.output);
  return status == VP8_STATUS_OK ? "" : reason_of(status);
}

Orientation webp_orientation(std::span<const std::uint8_t> bytes) {
  auto at = kRiffHeader;
  while (at + kChunkHeader <= bytes.size()) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i)
      size |= std::size_t{bytes[at + 4 + i]} << (8 * i);
    const auto content = at + kChunkHeader;
    const auto there = std::min(size, bytes.size() - content);
    if (has_text(bytes, at, "EXIF")) return exif_orientation(bytes.subspan(content, there));
    if (there < size) break;
    at = content + size + size % 2;
  }
  return Orientation::upright;
}

}  // namespace checkerlab::model
