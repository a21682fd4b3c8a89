// The scheduler: a pure state machine. No socket, clock, thread, database or randomness: equal states and events give
// equal states and effects, in the simulator as in production.
//
// What it promises after every event (check_invariants in invariants.hpp):
// - a key's result is recorded once; an attempt that is not the present one of its job is never accepted (the fence);
// - no worker is given more than slots + prefetch, nor jobs that state more memory than its device has;
// - no job that could run waits while a worker that fits has a free slot, unless the job rests after a crash or the
//   worker is held back: draining, cordoned, in quarantine, or kept free for a job that waits for memory there;
// - a job crashes, and is lost with its workers, a bounded number of times;
// - failure travels: what needs a failed job is doomed, and a study ends when nothing of it can run any more.
// A decision costs O(1) in the number of jobs; it looks at the studies that have ready jobs for the worker. Not
// thread-safe.
#pragma once

#include "coordinator/scheduler/effects.hpp"
#include "coordinator/scheduler/events.hpp"
#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {

// Applies one event and appends what has to be done. Throws Error(invalid_argument), with the state undefined, only
// when submitted jobs name inputs that nobody submitted; callers check that before.
void on_event(State& state, const Event& event, Effects& effects);

}  // namespace checkerlab::coordinator::scheduler
