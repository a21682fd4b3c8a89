// The part of tokenizer training that concerns the codebook: start values from data, and codes that nothing uses.
#pragma once

#include <torch/types.h>

#include <cstdint>

namespace checkerlab::model {

// Spherical k-means (Lloyd's algorithm with unit rows): [K,D] centres of vectors [M,D] of unit length, M >= 1. The
// start rows are vectors drawn by the counter (seed, stream); centres left empty take a drawn vector. A function of its
// arguments.
torch::Tensor spherical_k_means(const torch::Tensor& vectors, std::int64_t centres, std::int64_t iterations,
                                std::uint64_t seed, std::uint64_t stream);

// Counts for how many steps each code was not used and says which to replace. `idle` int64 [K] is a tensor of the
// caller, so that it can be kept in a checkpoint.
class CodeUse {
 public:
  explicit CodeUse(torch::Tensor idle) : idle_(std::move(idle)) {}
  // Notes the tokens of a step (any shape).
  void note(const torch::Tensor& tokens);
  // Codes idle for more than `patience` steps, as indices; their count starts anew.
  torch::Tensor take_dead(std::int64_t patience);

 private:
  torch::Tensor idle_;
};

}  // namespace checkerlab::model
