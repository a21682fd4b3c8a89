#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>

namespace checkerlab::model {

// What is tokenised of every image: itself; itself and its mirror image (in this order); or the ten crops of the
// training recipe (`ten_crop`: top left, top right, bottom left, bottom right, centre, then the same of the mirror
// image), cut out of a square that is 110 % as large.
enum class Crops { none, flip, ten };

// "none", "flip" or "ten"; throws Error otherwise.
Crops parse_crops(const std::string& name);

std::int64_t crop_count(Crops crops);

// The side that images must have to give crops of `target` pixels: `ten_crop_source_side` for ten crops.
std::int64_t source_side(Crops crops, std::int64_t target);

// The other way round: the side of the crops of images of `side` pixels. Throws Error(invalid_argument) where there is
// none.
std::int64_t crop_side(Crops crops, std::int64_t side);

// Crop number `crop` of square images [B,3,H,W] on any device, [B,3,S,S] with S = crop_side(crops, H). The same values
// as cutting the images themselves.
torch::Tensor take_crop(const torch::Tensor& images, Crops crops, std::int64_t crop);

}  // namespace checkerlab::model
