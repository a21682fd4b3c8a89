// What `why` says of jobs that several workers do together. Internal to the scheduler.
#pragma once

#include <string>
#include <vector>

#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {

// As people call them, such as "a, b and c".
std::string names_of(const State& state, const std::vector<WorkerIndex>& workers);

// How many workers the ready job needs at once, which of them are free and what the others do.
void explain_gang(const State& state, const Job& job, std::vector<std::string>& details);

}  // namespace checkerlab::coordinator::scheduler
