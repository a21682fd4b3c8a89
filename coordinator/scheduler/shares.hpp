// Fair shares: at equal priority the study whose user, then which itself, had least of the slots goes next. Internal to
// the scheduler.
//
// A share grows by slot-time, and by a millisecond for each attempt so that jobs of no length count too. Who comes back
// after a pause is put where the least served of the others is, so that nobody saves up for a monopoly, and owes them
// at most kMostDebt, so that nobody starves for what was long ago.
#pragma once

#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {

inline constexpr Millis kMostDebt = 600'000;

// An attempt of the study's began at `hold`, or is over.
void charge(State& state, Hold& hold, StudyIndex study);
void discharge(State& state, const Hold& hold);

// The study has, or may have, a ready job: to be called before it is queued, or the study resumed.
void activate(State& state, StudyIndex study);

// What decides between studies with ready jobs that the same worker could run.
struct Turn {
  std::int16_t priority = 0;
  Millis deadline = kNever;  // when it is near
  Millis user_used = 0;
  Millis study_used = 0;
};
Turn turn_of(const State& state, StudyIndex study);

// Negative when `left` goes first, positive when `right` does.
int compare(const Turn& left, const Turn& right);

void set_order(State& state, StudyIndex study, const StudyOrder& order);

}  // namespace checkerlab::coordinator::scheduler
