// Which workers can run which jobs. Internal to the scheduler.
#pragma once

#include <string>
#include <vector>

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

}  // namespace checkerlab::coordinator::scheduler
