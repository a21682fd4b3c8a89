// Who gets no work for a while: workers that keep crashing, and those that a person holds back. Internal to the
// scheduler.
#pragma once

#include "coordinator/scheduler/effects.hpp"
#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {

// An attempt of `job` crashed at the worker: too many of different jobs in a row put it into quarantine. A job that
// crashed elsewhere before does not count: it is to blame itself.
void note_crash(State& state, WorkerIndex worker, JobIndex job, Effects& effects);

// An attempt ended as it should there: nothing is held against the worker any more.
void note_sound(State& state, WorkerIndex worker, Effects& effects);

// How long the last of so many quarantines in a row lasts.
Millis quarantine_after(const Limits& limits, std::uint32_t quarantines);

// Quarantines that are over: the workers are tried with one job.
void end_quarantines(State& state, Effects& effects);

void on_cordoned(State& state, const Cordoned& event, Effects& effects);

}  // namespace checkerlab::coordinator::scheduler
