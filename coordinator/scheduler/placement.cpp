#include "coordinator/scheduler/placement.hpp"

#include <algorithm>

namespace checkerlab::coordinator::scheduler {
ShapeIndex intern_shape(State& state, KindIndex kind, const Placement& placement) {
  for (const ShapeIndex known : state.kinds[at(kind)].shapes) {
    if (state.shapes[at(known)].placement == placement) return known;
  }
  const auto index = static_cast<ShapeIndex>(state.shapes.size());
  state.shapes.push_back({kind, placement});
  state.kinds[at(kind)].shapes.push_back(index);
  if (is_gang(state.shapes.back())) state.gang_shapes.push_back(index);
  for (Worker& worker : state.workers) {
    if (can_run(worker, state.shapes.back())) worker.shapes.push_back(index);
  }
  return index;
}

bool can_run(const Worker& worker, const Shape& shape) {
  if (std::find(worker.kinds.begin(), worker.kinds.end(), shape.kind) == worker.kinds.end()) return false;
  if (shape.placement.memory_bytes > worker.memory_bytes) return false;
  return missing_labels(worker, shape.placement).empty();
}

void find_shapes(State& state, WorkerIndex index) {
  Worker& worker = state.worker(index);
  worker.shapes.clear();
  for (const KindIndex kind : worker.kinds) {
    for (const ShapeIndex shape : state.kinds[at(kind)].shapes) {
      if (can_run(worker, state.shapes[at(shape)])) worker.shapes.push_back(shape);
    }
  }
}

std::vector<std::string> missing_labels(const Worker& worker, const Placement& placement) {
  std::vector<std::string> missing;
  for (const auto& [name, value] : placement.labels) {
    const auto stated = worker.labels.find(name);
    if (stated == worker.labels.end() || stated->second != value) missing.push_back(name + "=" + value);
  }
  return missing;
}

}  // namespace checkerlab::coordinator::scheduler
