// Which workers can run which jobs, and who is held back. Internal to the scheduler.
#pragma once

#include "coordinator/scheduler/effects.hpp"
#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {

// The shape of such jobs; a new one is told to every worker that fits. O(shapes of the kind).
ShapeIndex intern_shape(State& state, KindIndex kind, const Placement& placement);

// Whether the worker could run jobs of this shape when it had nothing else to do.
bool can_run(const Worker& worker, const Shape& shape);

// Finds the worker's shapes anew, after it said what it can do.
void find_shapes(State& state, WorkerIndex worker);

// Which labels of the placement the worker lacks, as "name=value" texts.
std::vector<std::string> missing_labels(const Worker& worker, const Placement& placement);

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
