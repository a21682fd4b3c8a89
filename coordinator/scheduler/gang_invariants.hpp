// What must hold of gangs and of the workers kept free for them; part of check_invariants.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {

// `waits` says whether a worker is kept free for a job that waits for memory there.
std::vector<std::string> check_gang_invariants(const State& state, std::function<bool(const Worker&)> waits);

}  // namespace checkerlab::coordinator::scheduler
