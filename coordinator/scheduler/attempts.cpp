#include "coordinator/scheduler/attempts.hpp"

#include "coordinator/scheduler/graph.hpp"
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

// Whether this end uses up one of the job's tries.
bool costs_a_try(AttemptEnd end, bool started) {
  return end == AttemptEnd::crashed || (end == AttemptEnd::lost && started);
}

AttemptEnd end_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::succeeded:
      return AttemptEnd::succeeded;
    case Outcome::failed:
      return AttemptEnd::failed;
    case Outcome::crashed:
      return AttemptEnd::crashed;
    case Outcome::preempted:
      break;
  }
  return AttemptEnd::preempted;
}

Decision stale(WorkerIndex worker, const AttemptId& attempt, Reason reason) {
  return {worker, attempt, Verdict::stale, reason};
}

// The answer when the attempt is not the running one of its job.
Decision decide_late(const State& state, WorkerIndex worker, const AttemptFinished& event, JobIndex index) {
  const Job& job = state.job(index);
  const bool same = job.attempt == event.attempt.number;
  if (same && job.state == JobState::succeeded && event.outcome == Outcome::succeeded) {
    return {worker, event.attempt, Verdict::duplicate, Reason::none};
  }
  if (job.attempt > event.attempt.number) {
    return stale(worker, event.attempt, Reason::stale);
  }
  return stale(worker, event.attempt, Reason::ended);
}

void record_success(State& state, JobIndex index, Effects& effects) {
  effects.push_back(AttemptEnded{index, state.job(index).attempt, AttemptEnd::succeeded, false});
  set_state(state, index, JobState::succeeded, effects);
}

}  // namespace

Hold* find_hold(Worker& worker, JobIndex job, std::uint32_t number) {
  for (Hold& hold : worker.holds) {
    if (hold.job == job && hold.number == number) return &hold;
  }
  return nullptr;
}

void release_hold(State& state, WorkerIndex worker, Hold* hold) {
  auto& holds = state.worker(worker).holds;
  *hold = holds.back();
  holds.pop_back();
  refresh_open(state, worker);
}

void begin_attempt(State& state, WorkerIndex worker, JobIndex index, Effects& effects) {
  Job& job = state.job(index);
  const std::uint32_t number = ++job.attempt;
  set_state(state, index, JobState::running, effects);
  state.job(index).worker = worker;
  state.worker(worker).holds.push_back({index, number, state.now + state.limits.lease, false, false});
  refresh_open(state, worker);
  mark_studies_running(state, index, effects);
  effects.push_back(Assign{worker, index, number});
}

void end_attempt(State& state, JobIndex index, AttemptEnd end, bool started, Effects& effects) {
  Job& job = state.job(index);
  if (costs_a_try(end, started)) ++job.tries;
  const bool final = end == AttemptEnd::failed || job.tries >= state.limits.max_tries;
  effects.push_back(AttemptEnded{index, job.attempt, end, final});
  set_state(state, index, final ? JobState::failed : JobState::queued, effects, QueueEnd::front);
}

void stop_attempt(State& state, JobIndex index, Reason reason, Effects& effects) {
  const Job& job = state.job(index);
  if (Hold* hold = find_hold(state.worker(job.worker), index, job.attempt)) hold->cancelling = true;
  effects.push_back(CancelAttempt{job.worker, {job.key, job.attempt}, reason});
  effects.push_back(AttemptEnded{index, job.attempt, AttemptEnd::cancelled, false});
}

void take_back(State& state, JobIndex index, Effects& effects) {
  const Job& job = state.job(index);
  if (Hold* hold = find_hold(state.worker(job.worker), index, job.attempt)) hold->cancelling = true;
  effects.push_back(CancelAttempt{job.worker, {job.key, job.attempt}, Reason::paused});
  effects.push_back(AttemptEnded{index, job.attempt, AttemptEnd::preempted, false});
  set_state(state, index, JobState::queued, effects, QueueEnd::front);
}

void on_attempt_started(State& state, const AttemptStarted& event, Effects& effects) {
  const auto worker = state.find_worker(event.worker);
  const auto job = state.find_job(event.attempt.key);
  if (!worker || !job) return;
  Hold* hold = find_hold(state.worker(*worker), *job, event.attempt.number);
  if (!hold || hold->cancelling) return;
  hold->lease_until = state.now + state.limits.lease;
  if (hold->started) return;
  hold->started = true;
  effects.push_back(AttemptBegan{*job, event.attempt.number});
}

void on_attempt_finished(State& state, const AttemptFinished& event, Effects& effects) {
  const auto worker = state.find_worker(event.worker);
  if (!worker) return;
  const auto job = state.find_job(event.attempt.key);
  if (!job) {
    effects.push_back(stale(*worker, event.attempt, Reason::unknown_job));
    return;
  }
  Hold* hold = find_hold(state.worker(*worker), *job, event.attempt.number);
  if (!hold) {
    effects.push_back(decide_late(state, *worker, event, *job));
    return;
  }
  const Hold ended = *hold;
  release_hold(state, *worker, hold);
  if (ended.cancelling) {
    effects.push_back(stale(*worker, event.attempt, Reason::cancelled));
    return;
  }
  effects.push_back(Decision{*worker, event.attempt, Verdict::recorded, Reason::none});
  if (event.outcome == Outcome::succeeded) {
    record_success(state, *job, effects);
  } else {
    end_attempt(state, *job, end_of(event.outcome), true, effects);
  }
}

}  // namespace checkerlab::coordinator::scheduler
