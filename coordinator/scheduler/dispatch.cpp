#include "coordinator/scheduler/dispatch.hpp"

#include "coordinator/scheduler/attempts.hpp"
#include "coordinator/scheduler/graph.hpp"
#include "coordinator/scheduler/shares.hpp"
#include "coordinator/scheduler/wishes.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

struct Candidate {
  Choice choice;
  Turn turn;
  std::int16_t priority = 0;
};

bool goes_before(const Candidate& left, const Candidate& right) {
  if (const int order = compare(left.turn, right.turn); order != 0) return order < 0;
  if (left.priority != right.priority) return left.priority > right.priority;
  return left.choice.job < right.choice.job;
}

// Calls `visit` with the head of every lane of the shape from which the worker may take.
template <class Visit>
void for_each_lane(State& state, const Worker& worker, ShapeIndex shape, Visit&& visit) {
  for (std::size_t lane = 0; lane < state.ready.lanes(shape);) {
    const StudyIndex study = state.ready.study(shape, lane);
    if (!lets_have(state.study(study), worker)) {
      ++lane;
      continue;
    }
    const auto head = state.ready.head(shape, lane, [&](JobIndex job) { return counts_in(shape, state.job(job)); });
    if (!head) continue;  // another lane is at this place now
    visit(Candidate{{shape, study, head->job}, turn_of(state, study), head->priority});
    ++lane;
  }
}

// How much of what the job needs the worker had lately.
std::uint32_t warmth(const State& state, const Worker& worker, JobIndex job) {
  std::uint32_t known = 0;
  for_each_input(state, state.job(job), [&](JobIndex input) { known += worker.recent.contains(input); });
  return known;
}

JobIndex take(State& state, const Worker& worker, const Choice& choice) {
  for (std::size_t lane = 0; lane < state.ready.lanes(choice.shape); ++lane) {
    if (state.ready.study(choice.shape, lane) != choice.study) continue;
    return state.ready.take(
        choice.shape, lane, [&](JobIndex job) { return counts_in(choice.shape, state.job(job)); },
        [&](JobIndex job) { return warmth(state, worker, job); });
  }
  return choice.job;
}

// One job to each open worker that still has the kind of room in question. False when none could be given.
bool give_round(State& state, bool prefetching, Effects& effects) {
  bool given = false;
  for (std::size_t i = 0; i < state.open_workers.size() && state.ready_count > 0;) {
    const WorkerIndex index = state.open_workers[i];
    const bool fits = prefetching || state.worker(index).has_slot();
    const auto choice = fits ? next_job(state, state.worker(index), prefetching) : std::nullopt;
    if (choice) {
      begin_attempt(state, index, take(state, state.worker(index), *choice), choice->study, effects);
      given = true;
    }
    // A worker that is now full was replaced at this position by another.
    if (i < state.open_workers.size() && state.open_workers[i] == index) ++i;
  }
  return given;
}

}  // namespace

std::optional<Choice> next_job(State& state, Worker& worker, bool prefetching) {
  // Somebody waits for memory here: nothing more is put in front of it.
  if (prefetching && worker.overtaken > 0) return std::nullopt;
  std::optional<Candidate> best;      // of all
  std::optional<Candidate> possible;  // of those that need no more memory than is left
  for (const ShapeIndex shape : worker.shapes) {
    const Shape& asked = state.shapes[at(shape)];
    if (prefetching && !state.kinds[at(asked.kind)].prefetch) continue;
    const bool fits = asked.placement.memory_bytes <= worker.memory_left();
    for_each_lane(state, worker, shape, [&](const Candidate& candidate) {
      if (!best || goes_before(candidate, *best)) best = candidate;
      if (fits && (!possible || goes_before(candidate, *possible))) possible = candidate;
    });
  }
  if (!best) worker.overtaken = 0;
  if (!possible) return std::nullopt;
  const bool overtakes = possible->choice.job != best->choice.job;
  if (overtakes && prefetching) return std::nullopt;
  if (overtakes && worker.overtaken >= state.limits.most_overtaken) return std::nullopt;
  worker.overtaken = overtakes ? worker.overtaken + 1 : 0;
  return possible->choice;
}

bool is_reserved(const State& state, const Worker& worker) {
  return worker.overtaken >= state.limits.most_overtaken && !worker.holds.empty();
}

void dispatch(State& state, Effects& effects) {
  if (state.paused) return;
  for (const bool prefetching : {false, true}) {
    while (state.ready_count > 0 && give_round(state, prefetching, effects)) {
    }
  }
}

}  // namespace checkerlab::coordinator::scheduler
