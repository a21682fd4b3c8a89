// Recounts everything the scheduler keeps count of. For tests and debugging: O(everything).
#pragma once

#include <string>
#include <vector>

#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {

// One sentence for every invariant that does not hold; empty when all is well.
std::vector<std::string> check_invariants(const State& state);

}  // namespace checkerlab::coordinator::scheduler
