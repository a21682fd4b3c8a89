#include "coordinator/scheduler/candidates.hpp"

namespace checkerlab::coordinator::scheduler {

bool goes_before(const Candidate& left, const Candidate& right) {
  if (const int order = compare(left.turn, right.turn); order != 0) return order < 0;
  if (left.priority != right.priority) return left.priority > right.priority;
  return left.choice.job < right.choice.job;
}

bool waits_for_memory(const State& state, const Worker& worker, const Outlook& outlook) {
  if (!outlook.best || worker.overtaken < state.limits.most_overtaken) return false;
  return !outlook.possible || outlook.possible->choice.job != outlook.best->choice.job;
}

}  // namespace checkerlab::coordinator::scheduler
