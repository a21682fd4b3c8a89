// The paper's claim about entropy, on one model's entropy by step. Pure and thread-safe.
#pragma once

#include <vector>

#include "cli/reproduce/claims/claim.hpp"

namespace checkerlab::cli::reproduce {

// The entropy of the predicted tokens in one step of sampling, over n samples. Nats.
struct EntropyStep {
  int step = 0;  // from 0 or 1, over all scales
  int side = 0;  // of the scale
  double mean = 0;
  double lower_quartile = 0, median = 0, upper_quartile = 0;
  long long samples = 0;
};

// Within each scale, mean entropy falls most from the last step of the scale's first half to the first of its second
// half, when every other location is filled. Scales with an even number of at least four steps count. Holds for a scale
// when that fall is the largest and exceeds the next by a difference that counts; the standard error of a mean is taken
// from its quartiles, (upper − lower)/1.349/√n. The neighbouring falls share a step, whose error counts twice in their
// difference. `steps` are in order.
Claim entropy_falls_half_way(const std::vector<EntropyStep>& steps);

}  // namespace checkerlab::cli::reproduce
