#include "coordinator/scheduler/candidates.hpp"

#include "coordinator/scheduler/wishes.hpp"

namespace checkerlab::coordinator::scheduler {

bool goes_before(const Candidate& left, const Candidate& right) {
  if (const int order = compare(left.turn, right.turn); order != 0) return order < 0;
  if (left.priority != right.priority) return left.priority > right.priority;
  return left.choice.job < right.choice.job;
}

Outlook outlook_of(State& state, const Worker& worker, bool prefetching) {
  Outlook outlook;
  for (const ShapeIndex shape : worker.shapes) {
    const Shape& asked = state.shapes[at(shape)];
    if (is_gang(asked) || (prefetching && !state.kinds[at(asked.kind)].prefetch)) continue;
    const bool fits = asked.placement.memory_bytes <= worker.memory_left();
    const auto may_have_its = [&](const Study& study) { return lets_have(study, worker); };
    for_each_lane(state, shape, may_have_its, [&](const Candidate& candidate) {
      auto& [best, possible] = outlook;
      if (!best || goes_before(candidate, *best)) best = candidate;
      if (fits && (!possible || goes_before(candidate, *possible))) possible = candidate;
    });
  }
  return outlook;
}

bool waits_for_memory(const State& state, const Worker& worker, const Outlook& outlook) {
  if (!outlook.best || worker.overtaken < state.limits.most_overtaken) return false;
  return !outlook.possible || outlook.possible->choice.job != outlook.best->choice.job;
}

}  // namespace checkerlab::coordinator::scheduler
