// Which ready jobs a worker could be given, and which of them goes first. Internal to the scheduler.
#pragma once

#include <optional>

#include "coordinator/scheduler/shares.hpp"
#include "coordinator/scheduler/state.hpp"
#include "coordinator/scheduler/wishes.hpp"

namespace checkerlab::coordinator::scheduler {

// A lane of the ready queue and its head.
struct Choice {
  ShapeIndex shape{};
  StudyIndex study{};
  JobIndex job{};
};

struct Candidate {
  Choice choice;
  Turn turn;
  std::int16_t priority = 0;
};

// By the turn of the study (shares.hpp), then the jobs' own priority, then age.
bool goes_before(const Candidate& left, const Candidate& right);

// What one worker could do alone.
struct Outlook {
  std::optional<Candidate> best;      // of all
  std::optional<Candidate> possible;  // of those that need no more memory than is left
  std::optional<Candidate> chosen;    // of those that may go, too
};

// Whether the worker is kept free for a job that waits for memory there, as others overtook it often enough.
bool waits_for_memory(const State& state, const Worker& worker, const Outlook& outlook);

// Calls `visit` with the candidate of every lane of the shape whose study satisfies `wants(study)`.
template <class Wants, class Visit>
void for_each_lane(State& state, ShapeIndex shape, Wants&& wants, Visit&& visit) {
  for (std::size_t lane = 0; lane < state.ready.lanes(shape);) {
    const StudyIndex study = state.ready.study(shape, lane);
    if (!wants(state.study(study))) {
      ++lane;
      continue;
    }
    const auto head = state.ready.head(shape, lane, [&](JobIndex job) { return counts_in(shape, state.job(job)); });
    if (!head) continue;  // another lane is at this place now
    visit(Candidate{{shape, study, head->job}, turn_of(state, study), head->priority});
    ++lane;
  }
}

// `prefetching` leaves out kinds that are not worth waiting for a slot; `may_go(candidate)` says whether others let it
// go first. O(lanes of the worker's shapes).
template <class MayGo>
Outlook outlook_of(State& state, const Worker& worker, bool prefetching, MayGo&& may_go) {
  Outlook outlook;
  const auto improve = [](std::optional<Candidate>& known, const Candidate& candidate) {
    if (!known || goes_before(candidate, *known)) known = candidate;
  };
  for (const ShapeIndex shape : worker.shapes) {
    const Shape& asked = state.shapes[at(shape)];
    if (is_gang(asked) || (prefetching && !state.kinds[at(asked.kind)].prefetch)) continue;
    const bool fits = asked.placement.memory_bytes <= worker.memory_left();
    const auto may_have_its = [&](const Study& study) { return lets_have(study, worker); };
    for_each_lane(state, shape, may_have_its, [&](const Candidate& candidate) {
      improve(outlook.best, candidate);
      if (fits) improve(outlook.possible, candidate);
      if (fits && may_go(candidate)) improve(outlook.chosen, candidate);
    });
  }
  return outlook;
}

// Removes and gives a job of the lane: of those at the front the one with the greatest `score(job)`.
template <class Score>
JobIndex take_job(State& state, const Choice& choice, Score&& score) {
  for (std::size_t lane = 0; lane < state.ready.lanes(choice.shape); ++lane) {
    if (state.ready.study(choice.shape, lane) != choice.study) continue;
    return state.ready.take(
        choice.shape, lane, [&](JobIndex job) { return counts_in(choice.shape, state.job(job)); }, score);
  }
  return choice.job;
}

}  // namespace checkerlab::coordinator::scheduler
