// Finds a short schedule that still fails, by taking operations out (delta debugging). Pure.
#pragma once

#include <functional>

#include "tests/simulation/schedule/operation.hpp"

namespace checkerlab::simulation {

// `fails` says whether a schedule still shows the problem; it is asked at most `most_runs` times. The given schedule
// fails. No single operation can be left out of what comes back, unless the runs did not suffice.
Schedule shrink(Schedule schedule, const std::function<bool(const Schedule&)>& fails, int most_runs = 2'000);

}  // namespace checkerlab::simulation
