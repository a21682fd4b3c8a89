#include "libmodel/image/orientation.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace checkerlab::model {

namespace {

constexpr std::uint16_t kOrientationTag = 0x0112;
constexpr std::uint16_t kShortType = 3;

// Numbers of a TIFF block in its own byte order; zero outside the block.
class TiffBlock {
 public:
  explicit TiffBlock(std::span<const std::uint8_t> bytes)
      : bytes_(bytes), big_endian_(bytes.size() > 1 && bytes[0] == 'M') {}

  bool valid() const {
    const bool marked = bytes_.size() >= 8 && bytes_[0] == bytes_[1] && (bytes_[0] == 'I' || bytes_[0] == 'M');
    return marked && number(2, 2) == 42;
  }

  std::uint64_t number(std::uint64_t at, std::uint64_t size) const {
    if (at > bytes_.size() || size > bytes_.size() - at) return 0;
    std::uint64_t value = 0;
    for (std::uint64_t i = 0; i < size; ++i)
      value = value << 8 | bytes_[big_endian_ ? at + i : at + size - 1 - i];
    return value;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  bool big_endian_;
};

// Where pixel (x, y) of the upright image lies in the stored one.
std::pair<std::int64_t, std::int64_t> stored_place(const Image& stored, Orientation orientation, std::int64_t x,
                                                   std::int64_t y) {
  const auto right = stored.width - 1, bottom = stored.height - 1;
  switch (orientation) {
    case Orientation::mirror:
      return {right - x, y};
    case Orientation::half_turn:
      return {right - x, bottom - y};
    case Orientation::flip:
      return {x, bottom - y};
    case Orientation::transpose:
      return {y, x};
    case Orientation::quarter_right:
      return {y, bottom - x};
    case Orientation::anti_transpose:
      return {right - y, bottom - x};
    case Orientation::quarter_left:
      return {right - y, x};
    case Orientation::upright:
      break;
  }
  return {x, y};
}

}  // namespace

Orientation exif_orientation(std::span<const std::uint8_t> block) {
  constexpr std::string_view kIntroduction("Exif\0\0", 6);
  const auto introduced = [](std::uint8_t byte, char expected) { return byte == static_cast<std::uint8_t>(expected); };
  if (block.size() >= kIntroduction.size() &&
      std::equal(block.begin(), block.begin() + 6, kIntroduction.begin(), introduced)) {
    block = block.subspan(kIntroduction.size());
  }
  const TiffBlock tiff(block);
  if (!tiff.valid()) return Orientation::upright;
  const auto directory = tiff.number(4, 4);
  const auto entries = tiff.number(directory, 2);
  for (std::uint64_t i = 0; i < entries; ++i) {
    const auto entry = directory + 2 + 12 * i;
    if (tiff.number(entry, 2) != kOrientationTag) continue;
    const auto value = tiff.number(entry + 8, 2);
    const bool known = tiff.number(entry + 2, 2) == kShortType && value >= 1 && value <= 8;
    return known ? static_cast<Orientation>(value) : Orientation::upright;
  }
  return Orientation::upright;
}

Image turn_upright(Image image, Orientation orientation) {
  if (orientation == Orientation::upright) return image;
  const bool lying = orientation >= Orientation::transpose;
  Image turned(lying ? image.height : image.width, lying ? image.width : image.height);
  for (std::int64_t y = 0; y < turned.height; ++y) {
    auto* target = turned.row(y);
    for (std::int64_t x = 0; x < turned.width; ++x, target += 3) {
      const auto [from_x, from_y] = stored_place(image, orientation, x, y);
      std::copy_n(image.row(from_y) + from_x * 3, 3, target);
    }
  }
  return turned;
}

}  // namespace checkerlab::model
