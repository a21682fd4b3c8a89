// Gangs: attempts that several workers do together, all or none. Rank 0, the leader, is Job::worker and its success is
// the job's; every rank has a hold of the same attempt at a worker of its own. When one ends in any other way, so does
// the attempt. Internal to the scheduler.
#pragma once

#include <vector>

#include "coordinator/scheduler/effects.hpp"
#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {

// Who was given the running attempt of the job, by rank; one worker unless it is a gang's.
std::vector<WorkerIndex> workers_of(const State& state, JobIndex job);

// Whether the worker was given a rank of the job's running attempt.
bool is_in_gang(const State& state, WorkerIndex worker, JobIndex job);

// Tells all who still have a part of the running attempt to stop: they keep their places until they say they are gone.
void stop_holders(State& state, JobIndex job, Reason reason, Effects& effects);

// The leader has succeeded: the others end by themselves, and keep their places until then.
void let_go(State& state, JobIndex job);

// A rank other than 0 ended well.
void on_rank_done(const State& state, const Hold& ended, Effects& effects);

// The job's state has changed: what no longer runs has no gang.
void forget_gang(State& state, JobIndex job);

// Why a worker is told to stop an attempt that it holds and nobody waits for.
Reason stop_reason(const Job& job, std::uint32_t number);

}  // namespace checkerlab::coordinator::scheduler
