// Weights of the Inception for tests and measurements: pseudo-random numbers that are a function of (salt, tensor
// name).
//
// seed = FNV-1a 64 of "<salt>:<name>"; z_i the i-th output of splitmix64 started at the seed; u = (z >> 40) / 2^24;
// value = fp32(c + a · (2u − 1)) computed in fp64. *.conv.weight: c = 0, a = sqrt(6 / fan in); *.bn.weight: 1, 0.1;
// *.bn.bias and *.bn.running_mean: 0, 0.1; *.bn.running_var: 1, 0.2; fc.weight: 0, 0.2·sqrt(3); fc.bias: 0, 0.1.
#pragma once

#include <cstdint>

#include "libmodel/checkpoint/released/state_dict.hpp"
#include "libmodel/evaluation/inception/weights.hpp"

namespace checkerlab::model {

// All 566 tensors under PyTorch's names in the order of its file, num_batches_tracked (int64, 0) among them.
NamedTensors formula_tensors(std::uint64_t salt);

InceptionWeights formula_weights(std::uint64_t salt);

}  // namespace checkerlab::model
