// Everything that a search wants by now, given the scores that are known: what its study consists of. Pure.
#pragma once

#include <vector>

#include "sweeps/search/next_points.hpp"

namespace checkerlab::sweeps {

// Adds to `plan`, the search's first screens, all that the scores have led to, and makes the measurements with all
// images its points. Gives their records, one a point and in its order, for their positions. Throws what plan_study
// throws.
std::vector<GuidanceRecord> add_wanted(Plan& plan, const SearchSubject& subject, const Scores& scores);

}  // namespace checkerlab::sweeps
