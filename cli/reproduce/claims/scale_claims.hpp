// The paper's claims about scale ratios, on one study's curves of FID by total steps. Pure and thread-safe.
//
// Curves are models that were trained apart: differences between them carry the spread of trainings (kTrainingNoise)
// beside their own standard errors. Points of one curve share a model and do not. Numbers on one call's curves were all
// measured the same way.
#pragma once

#include <vector>

#include "cli/reproduce/claims/claim.hpp"
#include "cli/reproduce/claims/curve.hpp"

namespace checkerlab::cli::reproduce {

// Ratios 2, 3 and 4 have the same FID at the same total steps. Every two of them are compared at every total that both
// cover. Holds when no difference counts (critical_value over all comparisons) and each would have counted from 10 % of
// FID on; does not hold when one counts; cannot be told when fewer than two of the ratios share a total or when the
// numbers are too uncertain to see 10 %.
Claim ratios_coincide(const std::vector<Curve>& curves);

// A single scale has a higher FID than every ratio, at the largest total that both cover. Does not hold when the single
// scale is not higher by a difference that counts and is lower; cannot be told when a difference is within noise or no
// total is shared.
Claim single_scale_is_worse(const std::vector<Curve>& curves);

// FID is best near 16 total steps for every ratio: between 16/√2 and 16·√2 (12 to 22 steps) it is lower than with fewer
// steps by a difference that counts, and more steps do not lower it further by more than 2 % (the paper's own width of
// a minimum) plus noise. Cannot be told for a ratio without points in, below or above that range, or when fewer steps
// differ by noise only.
Claim best_near_sixteen(const std::vector<Curve>& curves);

// The three, in this order.
std::vector<Claim> scale_claims(const std::vector<Curve>& curves);

}  // namespace checkerlab::cli::reproduce
