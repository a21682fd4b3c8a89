// Workers coming, going and keeping their leases. Internal to the scheduler.
#pragma once

#include "coordinator/scheduler/effects.hpp"
#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {

// Puts the worker on or off the list of those that can be given work.
void refresh_open(State& state, WorkerIndex worker);

void on_worker_connected(State& state, const WorkerConnected& event, Effects& effects);
void on_worker_disconnected(State& state, const WorkerDisconnected& event, Effects& effects);
void on_worker_draining(State& state, const WorkerDraining& event, Effects& effects);
void on_heartbeat(State& state, const Heartbeat& event, Effects& effects);
// Moves the time on and ends attempts whose lease is over. Time in which no tick came (the process slept) is not held
// against the workers.
void on_tick(State& state, const Tick& event, Effects& effects);

}  // namespace checkerlab::coordinator::scheduler
