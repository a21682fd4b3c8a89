#include "libmodel/data/crops.hpp"

#include <array>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "libmodel/image/crop.hpp"

namespace checkerlab::model {

Crops parse_crops(const std::string& name) {
  if (name == "none") return Crops::none;
  if (name == "flip") return Crops::flip;
  if (name == "ten") return Crops::ten;
  throw Error(ErrorCode::invalid_argument, "unknown crops '" + name + "'", "Crops are none, flip and ten.");
}

std::int64_t crop_count(Crops crops) {
  return crops == Crops::ten ? 10 : crops == Crops::flip ? 2 : 1;
}

std::int64_t source_side(Crops crops, std::int64_t target) {
  return crops == Crops::ten ? ten_crop_source_side(target) : target;
}

std::int64_t crop_side(Crops crops, std::int64_t side) {
  if (crops != Crops::ten) return side;
  // floor(1.1 t) leaves out every eleventh number.
  const auto target = (side * 10 + 10) / 11;
  if (target < 1 || ten_crop_source_side(target) != side) {
    throw Error(ErrorCode::invalid_argument, "images of " + std::to_string(side) + " pixels give no ten crops",
                "Ten crops of S pixels are cut out of images of floor(1.1 S).");
  }
  return target;
}

torch::Tensor take_crop(const torch::Tensor& images, Crops crops, std::int64_t crop) {
  if (crop < 0 || crop >= crop_count(crops))
    throw Error(ErrorCode::invalid_argument, "there is no crop number " + std::to_string(crop));
  if (crops != Crops::ten) return crop == 0 ? images : images.flip({3});
  const auto side = crop_side(crops, images.size(2));
  const auto rest = images.size(2) - side;
  const auto middle = static_cast<std::int64_t>(std::nearbyint(static_cast<double>(rest) / 2));
  const std::array<std::pair<std::int64_t, std::int64_t>, 5> corners{
      {{0, 0}, {0, rest}, {rest, 0}, {rest, rest}, {middle, middle}}};
  const auto [top, left] = corners[static_cast<std::size_t>(crop % 5)];
  const auto& upright = crop < 5 ? images : images.flip({3});
  return upright.slice(2, top, top + side).slice(3, left, left + side).contiguous();
}

}  // namespace checkerlab::model
