#include "coordinator/scheduler/workers.hpp"

#include <algorithm>

#include "coordinator/scheduler/attempts.hpp"
#include "coordinator/scheduler/gangs.hpp"
#include "coordinator/scheduler/graph.hpp"
#include "coordinator/scheduler/placement.hpp"
#include "coordinator/scheduler/quarantine.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

// Tells the worker to stop attempts that are not among its holds, or were cancelled, and renews the others.
void renew(State& state, WorkerIndex index, const std::vector<AttemptId>& attempts, Effects& effects) {
  for (const AttemptId& attempt : attempts) {
    const auto job = state.find_job(attempt.key);
    Hold* hold = job ? find_hold(state, index, *job, attempt.number) : nullptr;
    if (!hold || hold->cancelling) {
      effects.push_back(
          CancelAttempt{index, attempt, hold ? stop_reason(state.job(*job), attempt.number) : Reason::stale});
    }
    if (hold) hold->lease_until = state.now + state.limits.lease;
  }
}

bool contains(const std::vector<AttemptId>& attempts, const Key& key, std::uint32_t number) {
  return std::any_of(attempts.begin(), attempts.end(),
                     [&](const AttemptId& attempt) { return attempt.number == number && attempt.key == key; });
}

// Ends holds for which `is_gone(hold)`: lost, unless they were being cancelled anyway.
template <class IsGone>
void lose_holds(State& state, WorkerIndex index, bool tell_worker, Effects& effects, IsGone&& is_gone) {
  std::vector<Hold> lost;
  for (const Hold& hold : state.worker(index).holds) {
    if (is_gone(hold)) lost.push_back(hold);
  }
  for (const Hold& hold : lost) {
    release_hold(state, index, find_hold(state, index, hold.job, hold.number));
    if (hold.cancelling) continue;
    if (tell_worker) {
      effects.push_back(CancelAttempt{index, {state.job(hold.job).key, hold.number}, Reason::lease_expired});
    }
    end_attempt(state, hold.job, AttemptEnd::lost, hold.started, effects);
  }
}

void set_connected(State& state, WorkerIndex index, bool connected, Effects& effects) {
  state.worker(index).connected = connected;
  refresh_open(state, index);
  effects.push_back(WorkerChanged{index});
}

void forgive(State& state, Millis pause) {
  for (Worker& worker : state.workers) {
    worker.heard_at += pause;
    for (Hold& hold : worker.holds)
      hold.lease_until += pause;
  }
}

}  // namespace

void refresh_open(State& state, WorkerIndex index) {
  Worker& worker = state.worker(index);
  const bool open = worker.may_work() && worker.has_room();
  const bool listed = worker.open_position != kNotOpen;
  if (open == listed) return;
  if (open) {
    worker.open_position = static_cast<std::uint32_t>(state.open_workers.size());
    state.open_workers.push_back(index);
    return;
  }
  const WorkerIndex last = state.open_workers.back();
  state.open_workers[worker.open_position] = last;
  state.worker(last).open_position = worker.open_position;
  state.open_workers.pop_back();
  worker.open_position = kNotOpen;
}

void on_worker_connected(State& state, const WorkerConnected& event, Effects& effects) {
  const WorkerIndex index = state.intern_worker(event.worker);
  std::vector<KindIndex> kinds;
  for (const std::string& kind : event.kinds)
    kinds.push_back(state.intern_kind(kind));
  Worker& worker = state.worker(index);
  worker.slots = event.slots;
  worker.prefetch = event.prefetch;
  worker.kinds = std::move(kinds);
  worker.code = state.intern_code(event.code);
  worker.name = event.name;
  worker.labels = event.labels;
  worker.memory_bytes = event.memory_bytes;
  worker.cordoned = state.cordons.contains(worker.id) || state.cordons.contains(worker.name);
  worker.heard_at = state.now;
  find_shapes(state, index);
  lose_holds(state, index, false, effects,
             [&](const Hold& hold) { return !contains(event.held, state.job(hold.job).key, hold.number); });
  renew(state, index, event.held, effects);
  set_connected(state, index, true, effects);
}

void on_worker_disconnected(State& state, const WorkerDisconnected& event, Effects& effects) {
  const auto index = state.find_worker(event.worker);
  if (index && state.worker(*index).connected) set_connected(state, *index, false, effects);
}

void on_worker_draining(State& state, const WorkerDraining& event, Effects& effects) {
  const auto index = state.find_worker(event.worker);
  if (!index) return;
  state.worker(*index).draining = true;
  refresh_open(state, *index);
  effects.push_back(WorkerChanged{*index});
}

void on_heartbeat(State& state, const Heartbeat& event, Effects& effects) {
  const auto index = state.find_worker(event.worker);
  if (!index) return;
  state.worker(*index).heard_at = state.now;
  renew(state, *index, event.attempts, effects);
}

void on_tick(State& state, const Tick& event, Effects& effects) {
  const Millis pause = event.now - state.now;
  if (pause > state.limits.lease / 2) forgive(state, pause);
  state.now = std::max(state.now, event.now);
  while (!state.rests.empty() && state.rests.begin()->first <= state.now)
    end_rest(state, state.rests.begin()->second, effects);
  end_quarantines(state, effects);
  for (std::size_t i = 0; i < state.workers.size(); ++i) {
    const auto index = static_cast<WorkerIndex>(i);
    const Worker& worker = state.worker(index);
    if (worker.connected && worker.heard_at + state.limits.lease <= state.now) {
      set_connected(state, index, false, effects);
      effects.push_back(WorkerSilent{index});
    }
    lose_holds(state, index, worker.connected, effects,
               [&](const Hold& hold) { return hold.lease_until <= state.now; });
    end_overdue(state, index, effects);
  }
}

}  // namespace checkerlab::coordinator::scheduler
