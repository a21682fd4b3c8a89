#include "coordinator/scheduler/shares.hpp"

#include <algorithm>

namespace checkerlab::coordinator::scheduler {
namespace {

void begin(Share& share, Millis now) {
  ++share.running;
  share.since += now;
  ++share.past;
}

void end(Share& share, Millis begun_at, Millis now) {
  --share.running;
  share.since -= begun_at;
  share.past += now - begun_at;
}

bool is_active(const State& state, StudyIndex study) {
  if (state.study(study).share.running > 0) return true;
  return state.ready.has_lanes(study) && !state.study(study).paused;
}

// What the least served of the others had.
struct Least {
  Millis study = kNever;
  Millis user = kNever;
  bool user_is_active = false;  // by another study
};

Least least_of_others(State& state, StudyIndex index) {
  std::erase_if(state.active_studies, [&](StudyIndex other) {
    const bool stays = other == index || is_active(state, other);
    if (!stays) state.study(other).listed = false;
    return !stays;
  });
  Least least;
  for (const StudyIndex other : state.active_studies) {
    const Study& study = state.study(other);
    if (other == index) continue;
    least.user_is_active = least.user_is_active || study.owner == state.study(index).owner;
    if (study.order.priority != state.study(index).order.priority) continue;
    least.study = std::min(least.study, study.share.used(state.now));
    if (study.owner != state.study(index).owner)
      least.user = std::min(least.user, state.users[at(study.owner)].share.used(state.now));
  }
  return least;
}

void settle(Share& share, Millis least, Millis now) {
  if (least == kNever) return;
  share.past += std::clamp(share.used(now), least, least + kMostDebt) - share.used(now);
}

void list(State& state, StudyIndex study) {
  if (state.study(study).listed) return;
  state.study(study).listed = true;
  state.active_studies.push_back(study);
}

}  // namespace

void charge(State& state, Hold& hold, StudyIndex study) {
  list(state, study);
  hold.study = study;
  begin(state.study(study).share, hold.begun_at);
  begin(state.users[at(state.study(study).owner)].share, hold.begun_at);
}

void discharge(State& state, const Hold& hold) {
  if (hold.study == kNoStudy) return;
  end(state.study(hold.study).share, hold.begun_at, state.now);
  end(state.users[at(state.study(hold.study).owner)].share, hold.begun_at, state.now);
}

void activate(State& state, StudyIndex index) {
  if (is_active(state, index)) return;
  const Least least = least_of_others(state, index);
  Study& study = state.study(index);
  User& user = state.users[at(study.owner)];
  settle(study.share, least.study, state.now);
  if (!least.user_is_active) settle(user.share, least.user, state.now);
  list(state, index);
}

Turn turn_of(const State& state, StudyIndex index) {
  const Study& study = state.study(index);
  const bool urgent = study.order.deadline != kNever && study.order.deadline - state.limits.urgent_before <= state.now;
  return {study.order.priority, urgent ? study.order.deadline : kNever,
          state.users[at(study.owner)].share.used(state.now), study.share.used(state.now)};
}

int compare(const Turn& left, const Turn& right) {
  if (left.priority != right.priority) return left.priority > right.priority ? -1 : 1;
  if (left.deadline != right.deadline) return left.deadline < right.deadline ? -1 : 1;
  if (left.user_used != right.user_used) return left.user_used < right.user_used ? -1 : 1;
  if (left.study_used != right.study_used) return left.study_used < right.study_used ? -1 : 1;
  return 0;
}

void set_order(State& state, StudyIndex index, const StudyOrder& order) {
  Study& study = state.study(index);
  const UserIndex owner = state.intern_user(order.owner);
  // What runs stays with the user who had it started.
  if (study.share.running == 0) study.owner = owner;
  study.order = order;
  study.order.owner = state.users[at(study.owner)].name;
}

}  // namespace checkerlab::coordinator::scheduler
