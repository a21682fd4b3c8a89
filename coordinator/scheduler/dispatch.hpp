// Gives ready jobs to workers with room. Internal to the scheduler.
#pragma once

#include <optional>
#include <vector>

#include "coordinator/scheduler/gang_dispatch.hpp"

namespace checkerlab::coordinator::scheduler {

// First gangs and one job a round to every worker with a free slot, then the same with the places to prefetch into.
void dispatch(State& state, Effects& effects);

// What this worker should do next: of the study whose turn it is (shares.hpp), by the jobs' own priority, then age;
// `prefetching` leaves out kinds that are not worth waiting for a slot.
//
// A job that has to wait for memory at this worker is overtaken by others a bounded number of times; then nothing more
// is given until it fits, so that large jobs do not starve among small ones. In the same way it makes way for gangs
// (gang_dispatch.hpp).
std::optional<Choice> next_job(State& state, const std::vector<WaitingGang>& gangs, Worker& worker, bool prefetching);

// Whether the worker is kept free for a job that waits for memory there.
bool is_reserved(const State& state, const Worker& worker);

}  // namespace checkerlab::coordinator::scheduler
