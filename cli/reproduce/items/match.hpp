// Which measured point stands beside a printed row. Pure and thread-safe.
#pragma once

#include <vector>

#include "cli/reproduce/data/points.hpp"
#include "sweeps/published.hpp"

namespace checkerlab::cli::reproduce {

// The point of the row's ratio and steps per scale that differs from the row in the fewest conditions other than
// guidance, then in guidance the least, then the first; where the row says neither ratio nor steps, ratio 2 at the
// least FID counts. A row that says how many layers mix takes points of such models alone. Null when there is none.
const MeasuredPoint* best_match(const sweeps::PublishedConditions& conditions, const sweeps::PublishedPoint& wanted,
                                const std::vector<MeasuredPoint>& points);

// "cifar10-s: ratio 2, 4 steps per scale, guidance 0.5".
std::string in_words(const MeasuredPoint& point);

}  // namespace checkerlab::cli::reproduce
