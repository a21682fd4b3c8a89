#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "libmodel/image/image.hpp"

namespace checkerlab::model {

// Images of one size as a uint8 tensor [N,H,W,3]. Throws Error when there are none or the sizes differ.
torch::Tensor images_to_tensor(const std::vector<Image>& images);

// The inverse: uint8 [N,H,W,3] on any device to images.
std::vector<Image> tensor_to_images(const torch::Tensor& pixels);

// uint8 [N,H,W,3] to float [N,3,H,W] in [-1, 1]: (u / 255 - 1/2) / (1/2). Stays on its device.
torch::Tensor normalise_pixels(const torch::Tensor& pixels);

// float [N,3,H,W] to uint8 [N,H,W,3]: clamp((x + 1) / 2, 0, 1) * 255, truncated. Stays on its device.
torch::Tensor to_pixels(const torch::Tensor& images);

}  // namespace checkerlab::model
