#include "coordinator/scheduler/attempts.hpp"

#include <algorithm>

#include "coordinator/scheduler/gangs.hpp"
#include "coordinator/scheduler/graph.hpp"
#include "coordinator/scheduler/quarantine.hpp"
#include "coordinator/scheduler/shares.hpp"
#include "coordinator/scheduler/workers.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

void mark_studies_running(State& state, JobIndex index, Effects& effects) {
  for_each_study(state, state.job(index), [&](StudyIndex study) {
    if (state.study(study).state != StudyState::queued) return;
    state.study(study).state = StudyState::running;
    effects.push_back(StudyChanged{study, StudyState::running});
  });
}

// Counts the end against the job, by whose fault it was. True when the job has no more tries.
bool count_end(Job& job, AttemptEnd end, bool started, const Limits& limits) {
  switch (end) {
    case AttemptEnd::crashed:
      return ++job.tries >= limits.max_tries;
    case AttemptEnd::lost:
      return started && ++job.losses >= limits.max_losses;
    case AttemptEnd::preempted:
      job.preemptions = static_cast<std::uint16_t>(std::min(job.preemptions + 1, 0xffff));
      return false;
    default:
      return true;
  }
}

void rest(State& state, JobIndex index) {
  Job& job = state.job(index);
  const Millis rest = rest_after(state.limits, job.tries);
  if (rest == 0) return;
  job.resting = true;
  state.rests.emplace(state.now + rest, index);
}

AttemptEnd end_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::succeeded:
      return AttemptEnd::succeeded;
    case Outcome::failed:
      return AttemptEnd::failed;
    case Outcome::crashed:
      return AttemptEnd::crashed;
    case Outcome::lost:
      return AttemptEnd::lost;
    case Outcome::preempted:
      break;
  }
  return AttemptEnd::preempted;
}

Decision stale(WorkerIndex worker, const AttemptId& attempt, Reason reason) {
  return {worker, attempt, Verdict::stale, reason};
}

// The answer when the worker has no part, or no part any more, in the job's running attempt.
Decision decide_late(const State& state, WorkerIndex worker, const AttemptFinished& event, JobIndex index) {
  const Job& job = state.job(index);
  const bool same = job.attempt == event.attempt.number;
  const bool counted = job.state == JobState::succeeded || is_in_gang(state, worker, index);
  if (same && counted && event.outcome == Outcome::succeeded) {
    return {worker, event.attempt, Verdict::duplicate, Reason::none};
  }
  if (job.attempt > event.attempt.number) {
    return stale(worker, event.attempt, Reason::stale);
  }
  return stale(worker, event.attempt, Reason::ended);
}

// The answer to who holds an attempt that is over; ranks of a gang that succeeded end after their leader.
Decision decide_let_go(const State& state, WorkerIndex worker, const AttemptFinished& event, const Hold& hold) {
  const Reason reason = stop_reason(state.job(hold.job), hold.number);
  if (reason == Reason::result_known && hold.rank > 0 && event.outcome == Outcome::succeeded)
    return {worker, event.attempt, Verdict::duplicate, Reason::none};
  return stale(worker, event.attempt, reason);
}

void record_success(State& state, JobIndex index, Effects& effects) {
  let_go(state, index);
  effects.push_back(AttemptEnded{index, state.job(index).attempt, AttemptEnd::succeeded, false});
  set_state(state, index, JobState::succeeded, effects);
}

}  // namespace

Millis rest_after(const Limits& limits, std::uint32_t tries) {
  constexpr std::uint32_t kMostDoublings = 30;
  if (tries == 0) return 0;
  return std::min(limits.longest_rest, limits.first_rest << std::min(tries - 1, kMostDoublings));
}

Hold* find_hold(State& state, WorkerIndex worker, JobIndex job, std::uint32_t number) {
  std::vector<Hold>& holds = state.worker(worker).holds;
  const auto is_it = [&](const Hold& hold) { return hold.job == job && hold.number == number; };
  const std::uint32_t place = state.job(job).hold_place;
  if (place < holds.size() && is_it(holds[place])) return &holds[place];
  const auto found = std::find_if(holds.begin(), holds.end(), is_it);
  return found == holds.end() ? nullptr : &*found;
}

void add_hold(State& state, WorkerIndex index, Hold hold) {
  hold.memory_bytes = state.shapes[at(state.job(hold.job).shape)].placement.memory_bytes;
  Worker& worker = state.worker(index);
  worker.memory_used += hold.memory_bytes;
  state.job(hold.job).hold_place = static_cast<std::uint32_t>(worker.holds.size());
  worker.holds.push_back(hold);
  refresh_open(state, index);
}

void release_hold(State& state, WorkerIndex index, Hold* hold) {
  discharge(state, *hold);
  Worker& worker = state.worker(index);
  worker.memory_used -= hold->memory_bytes;
  const auto place = static_cast<std::uint32_t>(hold - worker.holds.data());
  std::uint32_t& moved = state.job(worker.holds.back().job).hold_place;
  if (moved + 1 == worker.holds.size()) moved = place;
  *hold = worker.holds.back();
  worker.holds.pop_back();
  refresh_open(state, index);
}

void begin_attempt(State& state, std::span<const WorkerIndex> workers, JobIndex index, StudyIndex study,
                   Effects& effects) {
  const std::uint32_t number = ++state.job(index).attempt;
  set_state(state, index, JobState::running, effects);
  const Job& job = state.job(index);
  state.job(index).worker = workers.front();
  if (workers.size() > 1) state.gangs[index].workers.assign(workers.begin(), workers.end());
  for (std::uint32_t rank = 0; rank < workers.size(); ++rank) {
    Hold hold{index, number, state.now + state.limits.lease, false, false, state.now};
    hold.rank = rank;
    charge(state, hold, study);
    add_hold(state, workers[rank], hold);
    for_each_input(state, job, [&](JobIndex input) { state.worker(workers[rank]).recent.add(input); });
  }
  mark_studies_running(state, index, effects);
  for (std::uint32_t rank = 0; rank < workers.size(); ++rank)
    effects.push_back(Assign{workers[rank], index, number, rank, static_cast<std::uint32_t>(workers.size())});
}

void end_attempt(State& state, JobIndex index, AttemptEnd end, bool started, Effects& effects) {
  stop_holders(state, index, Reason::gang_ended, effects);
  Job& job = state.job(index);
  const bool final = count_end(job, end, started, state.limits);
  effects.push_back(AttemptEnded{index, job.attempt, end, final});
  if (final) return set_state(state, index, JobState::failed, effects);
  if (end == AttemptEnd::crashed) rest(state, index);
  set_state(state, index, JobState::queued, effects, QueueEnd::front);
  if (job.resting) effects.push_back(JobRests{index, state.rests_until(index)});
}

void stop_attempt(State& state, JobIndex index, Reason reason, Effects& effects) {
  stop_holders(state, index, reason, effects);
  effects.push_back(AttemptEnded{index, state.job(index).attempt, AttemptEnd::cancelled, false});
}

void take_back(State& state, JobIndex index, Effects& effects) {
  const Job& job = state.job(index);
  const Hold* hold = find_hold(state, job.worker, index, job.attempt);
  const bool started = hold && hold->started;
  stop_holders(state, index, Reason::paused, effects);
  end_attempt(state, index, AttemptEnd::preempted, started, effects);
}

void end_overdue(State& state, WorkerIndex index, Effects& effects) {
  for (std::size_t i = 0; i < state.worker(index).holds.size(); ++i) {
    Hold& hold = state.worker(index).holds[i];
    const Job& job = state.job(hold.job);
    const Millis limit = state.shapes[at(job.shape)].placement.time_limit;
    if (limit == 0 || !hold.started || hold.cancelling || hold.started_at + limit > state.now) continue;
    hold.cancelling = true;
    effects.push_back(CancelAttempt{index, {job.key, hold.number}, Reason::time_limit});
    end_attempt(state, hold.job, AttemptEnd::timed_out, true, effects);
  }
}

void on_attempt_started(State& state, const AttemptStarted& event, Effects& effects) {
  const auto worker = state.find_worker(event.worker);
  const auto job = state.find_job(event.attempt.key);
  if (!worker || !job) return;
  Hold* hold = find_hold(state, *worker, *job, event.attempt.number);
  if (!hold || hold->cancelling) return;
  hold->lease_until = state.now + state.limits.lease;
  if (hold->started) return;
  hold->started = true;
  hold->started_at = state.now;
  if (hold->rank == 0) effects.push_back(AttemptBegan{*job, event.attempt.number});
}

void on_attempt_finished(State& state, const AttemptFinished& event, Effects& effects) {
  const auto worker = state.find_worker(event.worker);
  if (!worker) return;
  const auto job = state.find_job(event.attempt.key);
  if (!job) {
    effects.push_back(stale(*worker, event.attempt, Reason::unknown_job));
    return;
  }
  Hold* hold = find_hold(state, *worker, *job, event.attempt.number);
  if (!hold) {
    effects.push_back(decide_late(state, *worker, event, *job));
    return;
  }
  const Hold ended = *hold;
  release_hold(state, *worker, hold);
  if (ended.cancelling) {
    effects.push_back(decide_let_go(state, *worker, event, ended));
    return;
  }
  effects.push_back(Decision{*worker, event.attempt, Verdict::recorded, Reason::none});
  if (event.outcome == Outcome::crashed) note_crash(state, *worker, *job, effects);
  if (event.outcome == Outcome::succeeded || event.outcome == Outcome::failed) note_sound(state, *worker, effects);
  if (event.outcome == Outcome::succeeded && ended.rank > 0) {
    on_rank_done(state, ended, effects);
  } else if (event.outcome == Outcome::succeeded) {
    record_success(state, *job, effects);
  } else {
    end_attempt(state, *job, end_of(event.outcome), true, effects);
  }
}

}  // namespace checkerlab::coordinator::scheduler
