// Learned rotary positions in the rotate-half form: x·Re + rotate_half(x)·Im, where rotate_half(x) is the second half
// of x, negated, followed by the first; of an odd width d the first half has ⌊d/2⌋ components. Differentiable pure
// functions.
#pragma once

#include <ATen/core/Tensor.h>

namespace checkerlab::model {

// A rotation per row. `sine` has its first ⌈d/2⌉ components negated, so that rotating is x·cosine + roll(x,
// ⌈d/2⌉)·sine.
struct Rotation {
  at::Tensor cosine;  // [.., n, d]
  at::Tensor sine;    // [.., n, d]

  Rotation rows(const at::Tensor& indices) const;              // of a table [R, d]
  Rotation slice(std::int64_t begin, std::int64_t end) const;  // along n
  Rotation to(c10::ScalarType type) const;
};

// The learned table [R, 2d] (re, im interleaved) with every pair divided by its length, as [R, d, 2].
at::Tensor unit_rope_table(const at::Tensor& learned);
Rotation rotation_table(const at::Tensor& unit_table);

// Keys' rotation of a mixed layer: α·own + (1 − α)·previous with α = sigmoid(mixing [H]); [H, n, d]. Not normalised
// again.
Rotation mix_rotations(const at::Tensor& mixing, const Rotation& own, const Rotation& previous);

// x [B, H, n, d].
at::Tensor rotate(const at::Tensor& x, const Rotation& rotation);

}  // namespace checkerlab::model
