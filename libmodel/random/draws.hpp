// Tensors of counter-based random numbers (CPU reference; kernels/draw_codes.cu computes the sampling noise on the
// device). Every element is a function of (seed, domain, its own counters) alone. Thread-safe.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "libmodel/random/philox.hpp"

namespace checkerlab::model {

// Standard normal numbers, fp32, of the given shape (Box-Muller; element e uses the words (a = stream, c = e / 4)).
at::Tensor normal_tensor(std::uint64_t seed, RandomDomain domain, std::uint64_t stream, at::IntArrayRef shape);

// Uniform numbers in (0, 1), fp32: element e of the tensor uses word e mod 4 of (a = stream, c = e / 4).
at::Tensor uniform_tensor(std::uint64_t seed, RandomDomain domain, std::uint64_t stream, at::IntArrayRef shape);

// A permutation of 0 … n − 1 that is a function of (seed, domain, stream): Fisher-Yates.
std::vector<std::int64_t> random_permutation(std::uint64_t seed, RandomDomain domain, std::uint64_t stream,
                                             std::int64_t n);

// Standard exponential noise for sampling: [samples, tokens, codes] fp32 on the CPU, element (i, j, v) from word v mod
// 4 of (sampling, sample_indices[i], token_indices[j], v / 4).
at::Tensor exponential_noise(std::uint64_t seed, const at::Tensor& sample_indices, const at::Tensor& token_indices,
                             std::int64_t codes);

}  // namespace checkerlab::model
