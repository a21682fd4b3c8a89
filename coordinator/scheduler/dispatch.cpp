#include "coordinator/scheduler/dispatch.hpp"

#include "coordinator/scheduler/attempts.hpp"
#include "coordinator/scheduler/graph.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

// How much of what the job needs the worker had lately.
std::uint32_t warmth(const State& state, const Worker& worker, JobIndex job) {
  std::uint32_t known = 0;
  for_each_input(state, state.job(job), [&](JobIndex input) { known += worker.recent.contains(input); });
  return known;
}

// One job to each open worker that still has the kind of room in question. False when none could be given.
bool give_round(State& state, const std::vector<WaitingGang>& gangs, bool prefetching, Effects& effects) {
  bool given = false;
  for (std::size_t i = 0; i < state.open_workers.size() && state.ready_count > 0;) {
    const WorkerIndex index = state.open_workers[i];
    Worker& worker = state.worker(index);
    const bool fits = prefetching || worker.has_slot();
    const auto choice = fits ? next_job(state, gangs, worker, prefetching) : std::nullopt;
    if (choice) {
      const JobIndex job = take_job(state, *choice, [&](JobIndex each) { return warmth(state, worker, each); });
      begin_attempt(state, {&index, 1}, job, choice->study, effects);
      given = true;
    }
    // A worker that is now full was replaced at this position by another.
    if (i < state.open_workers.size() && state.open_workers[i] == index) ++i;
  }
  return given;
}

}  // namespace

std::optional<Choice> next_job(State& state, const std::vector<WaitingGang>& gangs, Worker& worker, bool prefetching) {
  // Somebody waits for memory here: nothing more is put in front of it.
  if (prefetching && worker.overtaken > 0) return std::nullopt;
  const auto [best, possible, chosen] = outlook_of(state, worker, prefetching, [&](const Candidate& candidate) {
    return may_go(state, gangs, worker, candidate, prefetching);
  });
  if (!best) worker.overtaken = 0;
  if (!chosen) return std::nullopt;
  const bool overtakes = possible->choice.job != best->choice.job;
  if (overtakes && prefetching) return std::nullopt;
  if (overtakes && worker.overtaken >= state.limits.most_overtaken) return std::nullopt;
  note_passed(state, gangs, worker, *chosen);
  worker.overtaken = overtakes ? worker.overtaken + 1 : 0;
  return chosen->choice;
}

bool is_reserved(const State& state, const Worker& worker) {
  return worker.overtaken >= state.limits.most_overtaken && !worker.holds.empty();
}

void dispatch(State& state, Effects& effects) {
  for (const bool prefetching : {false, true}) {
    for (bool given = true; given;) {
      const std::vector<WaitingGang> gangs = waiting_gangs(state);
      if (state.paused || state.ready_count == 0) break;
      given = (!prefetching && start_gang(state, gangs, effects)) || give_round(state, gangs, prefetching, effects);
    }
  }
}

}  // namespace checkerlab::coordinator::scheduler
