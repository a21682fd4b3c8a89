// A small study as the database would answer for it, for tests without a coordinator.
#pragma once

#include <string>
#include <vector>

#include "cli/reproduce/data/points.hpp"
#include "cli/reproduce/items/inputs.hpp"

namespace checkerlab::cli::reproduce::testing {

// A point of a model of `ratio` on CIFAR-10 with FID and IS.
MeasuredPoint point(const std::string& ratio, int steps_per_scale, int total_steps, double guidance, double fid,
                    double score = 5);

// The answer of POST /query.
nlohmann::json answer(const std::vector<std::string>& columns, const nlohmann::json& rows);

// One study "lab" with a ratio-2 model of the published small shape at 4 steps per scale and guidance 0 and 1,
// entropies, times, mixing weights and a sheet of samples (artifact "aa"). With `filled` false the views are there and
// empty.
Ask canned_database(bool filled = true);

// Inputs on it; every artifact is a PNG header of 4×2 pixels.
Inputs canned_inputs(bool filled = true);

}  // namespace checkerlab::cli::reproduce::testing
