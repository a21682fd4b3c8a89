#include "libmodel/image/tensor.hpp"

#include <torch/types.h>

#include <algorithm>
#include <cstring>

#include "base/error.hpp"

namespace checkerlab::model {

torch::Tensor images_to_tensor(const std::vector<Image>& images) {
  if (images.empty()) throw Error(ErrorCode::invalid_argument, "no images to make a tensor of");
  const auto& first = images.front();
  auto pixels = torch::empty({static_cast<std::int64_t>(images.size()), first.height, first.width, 3}, torch::kUInt8);
  auto* target = pixels.data_ptr<std::uint8_t>();
  for (const auto& image : images) {
    if (image.width != first.width || image.height != first.height) {
      throw Error(ErrorCode::invalid_argument, "the images of one tensor must have one size");
    }
    target = std::copy(image.pixels.begin(), image.pixels.end(), target);
  }
  return pixels;
}

std::vector<Image> tensor_to_images(const torch::Tensor& pixels) {
  if (pixels.dim() != 4 || pixels.size(3) != 3 || pixels.scalar_type() != torch::kUInt8) {
    throw Error(ErrorCode::invalid_argument, "images must be a uint8 tensor [N,H,W,3]");
  }
  const auto local = pixels.cpu().contiguous();
  const auto* source = local.data_ptr<std::uint8_t>();
  std::vector<Image> images;
  for (std::int64_t i = 0; i < local.size(0); ++i) {
    Image image(local.size(2), local.size(1));
    std::copy_n(source, image.pixels.size(), image.pixels.data());
    source += image.pixels.size();
    images.push_back(std::move(image));
  }
  return images;
}

torch::Tensor normalise_pixels(const torch::Tensor& pixels) {
  return pixels.permute({0, 3, 1, 2}).to(torch::kFloat32).contiguous().div_(255).sub_(0.5).div_(0.5);
}

torch::Tensor to_pixels(const torch::Tensor& images) {
  const auto scaled = images.to(torch::kFloat32).add(1).div_(2).clamp_(0, 1).mul_(255);
  return scaled.to(torch::kUInt8).permute({0, 2, 3, 1}).contiguous();
}

}  // namespace checkerlab::model
