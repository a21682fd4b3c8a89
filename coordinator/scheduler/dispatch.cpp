#include "coordinator/scheduler/dispatch.hpp"

#include "coordinator/scheduler/attempts.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

bool goes_before(const ReadyQueue::Head& left, const ReadyQueue::Head& right) {
  return left.priority != right.priority ? left.priority > right.priority : left.job < right.job;
}

std::optional<ReadyQueue::Head> head_of(State& state, LaneIndex lane) {
  const auto waits_here = [&](JobIndex index) {
    const Job& job = state.job(index);
    return job.state == JobState::queued && job.lane == lane && !is_held(job);
  };
  // A job that changed its lane has its entry there.
  const auto drop = [&](JobIndex index) {
    if (state.job(index).lane == lane) state.job(index).in_queue = false;
  };
  return state.ready.head(lane, waits_here, drop);
}

// One job to each open worker that still has the kind of room in question. False when none could be given.
bool give_round(State& state, bool prefetching, Effects& effects) {
  bool given = false;
  for (std::size_t i = 0; i < state.open_workers.size() && state.ready_count > 0;) {
    const WorkerIndex index = state.open_workers[i];
    const bool fits = prefetching || state.worker(index).has_slot();
    const auto job = fits ? next_job(state, state.worker(index), prefetching) : std::nullopt;
    if (job) {
      state.job(*job).in_queue = false;
      state.ready.pop(state.job(*job).lane);
      begin_attempt(state, index, *job, effects);
      given = true;
    }
    // A worker that is now full was replaced at this position by another.
    if (i < state.open_workers.size() && state.open_workers[i] == index) ++i;
  }
  return given;
}

}  // namespace

std::optional<JobIndex> next_job(State& state, const Worker& worker, bool prefetching) {
  std::optional<ReadyQueue::Head> best;
  for (const KindIndex kind : worker.kinds) {
    if (prefetching && !state.kinds[at(kind)].prefetch) continue;
    for (const Lane& lane : state.kinds[at(kind)].lanes) {
      if (lane.code != kAnyCode && lane.code != worker.code) continue;
      const auto head = head_of(state, lane.index);
      if (head && (!best || goes_before(*head, *best))) best = head;
    }
  }
  if (!best) return std::nullopt;
  return best->job;
}

void dispatch(State& state, Effects& effects) {
  if (state.paused) return;
  for (const bool prefetching : {false, true}) {
    while (state.ready_count > 0 && give_round(state, prefetching, effects)) {
    }
  }
}

}  // namespace checkerlab::coordinator::scheduler
