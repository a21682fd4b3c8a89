// Gives ready jobs to workers with room. Internal to the scheduler.
#pragma once

#include "coordinator/scheduler/effects.hpp"
#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {

// First one job a round to every worker with a free slot, then the same with the places to prefetch into.
void dispatch(State& state, Effects& effects);

// The job this worker should do next, by priority, then age; `prefetching` leaves out kinds that are not worth waiting
// for a slot.
std::optional<JobIndex> next_job(State& state, const Worker& worker, bool prefetching);

}  // namespace checkerlab::coordinator::scheduler
