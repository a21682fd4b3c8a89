#include "libmodel/transformer/rotary.hpp"

#include <ATen/ATen.h>

namespace checkerlab::model {

Rotation Rotation::rows(const at::Tensor& indices) const {
  return {cosine.index_select(0, indices), sine.index_select(0, indices)};
}

Rotation Rotation::slice(std::int64_t begin, std::int64_t end) const {
  return {cosine.slice(-2, begin, end), sine.slice(-2, begin, end)};
}

Rotation Rotation::to(c10::ScalarType type) const {
  return {cosine.to(type), sine.to(type)};
}

at::Tensor unit_rope_table(const at::Tensor& learned) {
  const at::Tensor pairs = learned.unflatten(1, {-1, 2});
  return pairs / pairs.norm(2, {-1}, /*keepdim=*/true).clamp_min(1e-12);
}

Rotation rotation_table(const at::Tensor& unit_table) {
  const at::Tensor imaginary = unit_table.select(-1, 1);
  const std::int64_t width = imaginary.size(-1), first = width - width / 2;
  return {unit_table.select(-1, 0), at::cat({imaginary.slice(-1, 0, first).neg(), imaginary.slice(-1, first)}, -1)};
}

Rotation mix_rotations(const at::Tensor& mixing, const Rotation& own, const Rotation& previous) {
  const at::Tensor alpha = mixing.sigmoid().unsqueeze(-1).unsqueeze(-1);
  return {previous.cosine + alpha * (own.cosine - previous.cosine), previous.sine + alpha * (own.sine - previous.sine)};
}

at::Tensor rotate(const at::Tensor& x, const Rotation& rotation) {
  const std::int64_t width = x.size(-1);
  return at::addcmul(x * rotation.cosine, x.roll(width - width / 2, -1), rotation.sine);
}

}  // namespace checkerlab::model
