#include "coordinator/scheduler/quarantine.hpp"

#include <algorithm>

#include "coordinator/scheduler/workers.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

// Doubles `first` with every repetition, up to `longest`.
Millis doubled(Millis first, std::uint32_t repetitions, Millis longest) {
  constexpr std::uint32_t kMost = 30;
  return std::min(longest, first << std::min(repetitions, kMost));
}

void begin_quarantine(State& state, WorkerIndex index, Effects& effects) {
  Worker& worker = state.worker(index);
  ++worker.quarantines;
  worker.quarantined_until = state.now + quarantine_after(state.limits, worker.quarantines);
  worker.probing = false;
  worker.crashes.clear();
  refresh_open(state, index);
  effects.push_back(WorkerChanged{index});
}

}  // namespace

Millis quarantine_after(const Limits& limits, std::uint32_t quarantines) {
  if (quarantines == 0) return 0;
  return doubled(limits.first_quarantine, quarantines - 1, limits.longest_quarantine);
}

void note_crash(State& state, WorkerIndex index, JobIndex job, Effects& effects) {
  Worker& worker = state.worker(index);
  const WorkerIndex before = state.job(job).crashed_at;
  state.job(job).crashed_at = index;
  if (worker.probing) return begin_quarantine(state, index, effects);
  if (worker.quarantined_until != 0) return;
  if (before != kNoWorker && before != index) return;
  std::erase_if(worker.crashes, [&](const Crash& crash) {
    return crash.job == job || crash.at + state.limits.crash_window <= state.now;
  });
  worker.crashes.push_back({job, state.now});
  if (worker.crashes.size() >= state.limits.quarantine_after) begin_quarantine(state, index, effects);
}

void note_sound(State& state, WorkerIndex index, Effects& effects) {
  Worker& worker = state.worker(index);
  worker.crashes.clear();
  if (!worker.probing) return;
  worker.probing = false;
  worker.quarantines = 0;
  refresh_open(state, index);
  effects.push_back(WorkerChanged{index});
}

void end_quarantines(State& state, Effects& effects) {
  for (std::size_t i = 0; i < state.workers.size(); ++i) {
    Worker& worker = state.workers[i];
    if (worker.quarantined_until == 0 || worker.quarantined_until > state.now) continue;
    worker.quarantined_until = 0;
    worker.probing = true;
    refresh_open(state, static_cast<WorkerIndex>(i));
    effects.push_back(WorkerChanged{static_cast<WorkerIndex>(i)});
  }
}

void on_cordoned(State& state, const Cordoned& event, Effects& effects) {
  if (event.cordoned) {
    state.cordons.insert(event.worker);
  } else {
    state.cordons.erase(event.worker);
  }
  for (std::size_t i = 0; i < state.workers.size(); ++i) {
    Worker& worker = state.workers[i];
    if (worker.id != event.worker && worker.name != event.worker) continue;
    worker.cordoned = state.cordons.contains(worker.id) || state.cordons.contains(worker.name);
    if (!event.cordoned) {
      worker.quarantined_until = 0;
      worker.quarantines = 0;
      worker.probing = false;
      worker.crashes.clear();
    }
    refresh_open(state, static_cast<WorkerIndex>(i));
    effects.push_back(WorkerChanged{static_cast<WorkerIndex>(i)});
  }
}

}  // namespace checkerlab::coordinator::scheduler
