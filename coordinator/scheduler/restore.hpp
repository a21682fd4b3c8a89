// Jobs, studies and workers remembered from before a start. Internal to the scheduler.
#pragma once

#include "coordinator/scheduler/effects.hpp"
#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {

// Only for a fresh state. O(jobs), a fraction of a microsecond for each that is done.
void on_restored(State& state, const Restored& event, Effects& effects);

}  // namespace checkerlab::coordinator::scheduler
