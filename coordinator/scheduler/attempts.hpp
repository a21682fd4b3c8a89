// Attempts: what occupies workers, how an attempt ends, and what that means for its job. Internal to the scheduler.
#pragma once

#include <span>

#include "coordinator/scheduler/effects.hpp"
#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {

// The worker's hold of this attempt, or null. Valid until the worker's holds change. O(1) for a job's present hold, or
// the last of a gang's; others are looked for.
Hold* find_hold(State& state, WorkerIndex worker, JobIndex job, std::uint32_t number);

// Frees what the hold occupied. `hold` belongs to `worker` and is gone afterwards.
void release_hold(State& state, WorkerIndex worker, Hold* hold);

// Starts the next attempt of a queued job at a worker with room, or at several as a gang, as part of the study's share.
void begin_attempt(State& state, std::span<const WorkerIndex> workers, JobIndex job, StudyIndex study,
                   Effects& effects);

// Occupies the worker with the attempt.
void add_hold(State& state, WorkerIndex worker, Hold hold);

// Ends the running attempt of `job` with anything but success, and retries or fails the job. Who still has a part of it
// is told to stop. A crash is retried after a rest that doubles with each, what is not the job's fault at once; both
// have their bound.
void end_attempt(State& state, JobIndex job, AttemptEnd end, bool started, Effects& effects);

// Stops a running attempt that is no longer wanted: it keeps its place at the worker until the worker says it is gone.
// The job's state is the caller's to change.
void stop_attempt(State& state, JobIndex job, Reason reason, Effects& effects);

// Takes a running attempt back: it ends as preempted, and the job waits again.
void take_back(State& state, JobIndex job, Effects& effects);
// How long a job that crashed so often waits before it is tried again.
Millis rest_after(const Limits& limits, std::uint32_t tries);

// Fails attempts at the worker that have run for longer than their job may.
void end_overdue(State& state, WorkerIndex worker, Effects& effects);

void on_attempt_started(State& state, const AttemptStarted& event, Effects& effects);
void on_attempt_finished(State& state, const AttemptFinished& event, Effects& effects);

}  // namespace checkerlab::coordinator::scheduler
