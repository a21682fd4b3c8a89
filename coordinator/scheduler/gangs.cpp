#include "coordinator/scheduler/gangs.hpp"

#include <algorithm>

#include "coordinator/scheduler/attempts.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

// Calls `visit(worker, hold)` for every hold of the running attempt that is not on its way out.
template <class Visit>
void for_each_holder(State& state, JobIndex index, Visit&& visit) {
  for (const WorkerIndex worker : workers_of(state, index)) {
    Hold* hold = find_hold(state, worker, index, state.job(index).attempt);
    if (hold && !hold->cancelling) visit(worker, *hold);
  }
}

}  // namespace

std::vector<WorkerIndex> workers_of(const State& state, JobIndex index) {
  const auto gang = state.gangs.find(index);
  if (gang != state.gangs.end()) return gang->second.workers;
  if (state.job(index).worker == kNoWorker) return {};
  return {state.job(index).worker};
}

bool is_in_gang(const State& state, WorkerIndex worker, JobIndex index) {
  const auto gang = state.gangs.find(index);
  return gang != state.gangs.end() && std::ranges::find(gang->second.workers, worker) != gang->second.workers.end();
}

void stop_holders(State& state, JobIndex index, Reason reason, Effects& effects) {
  const AttemptId attempt{state.job(index).key, state.job(index).attempt};
  for_each_holder(state, index, [&](WorkerIndex worker, Hold& hold) {
    hold.cancelling = true;
    effects.push_back(CancelAttempt{worker, attempt, reason});
  });
}

void let_go(State& state, JobIndex index) {
  for_each_holder(state, index, [](WorkerIndex, Hold& hold) { hold.cancelling = true; });
}

void on_rank_done(const State& state, const Hold& ended, Effects& effects) {
  const Job& job = state.job(ended.job);
  if (job.state == JobState::running && job.attempt == ended.number)
    effects.push_back(RankDone{ended.job, ended.number, ended.rank});
}

void forget_gang(State& state, JobIndex index) {
  if (state.job(index).state != JobState::running) state.gangs.erase(index);
}

Reason stop_reason(const Job& job, std::uint32_t number) {
  return job.state == JobState::succeeded && job.attempt == number ? Reason::result_known : Reason::cancelled;
}

}  // namespace checkerlab::coordinator::scheduler
