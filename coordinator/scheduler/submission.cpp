#include "coordinator/scheduler/submission.hpp"

#include <algorithm>

#include "coordinator/scheduler/attempts.hpp"
#include "coordinator/scheduler/graph.hpp"
#include "coordinator/scheduler/quarantine.hpp"
#include "coordinator/scheduler/shares.hpp"
#include "coordinator/scheduler/wishes.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

void restore_holds(State& state, JobIndex index, const RestoredJob& restored, const std::vector<RestoredRank>& ranks) {
  std::vector<WorkerIndex> workers;
  for (const RestoredRank& rank : ranks) {
    workers.push_back(state.intern_worker(rank.worker));
    if (rank.done) continue;
    Hold hold{index, restored.attempt, state.now + state.limits.lease, restored.started,
              false, state.now,        state.now - restored.ran_for};
    hold.rank = static_cast<std::uint32_t>(workers.size() - 1);
    add_hold(state, workers.back(), hold);
  }
  if (workers.size() > 1) state.gangs[index].workers = std::move(workers);
}

// Puts a job back as it was; counts of its inputs come from add_job.
void restore_job(State& state, const RestoredJob& restored) {
  const JobIndex index = add_job(state, restored.job);
  Job& job = state.job(index);
  // The wall clock, by which it was remembered, may have been put back.
  const Millis rest = std::min(restored.rest, rest_after(state.limits, restored.tries));
  count_job(state, job, -1);
  job.state = restored.state;
  job.resting = job.state == JobState::queued && rest > 0;
  count_job(state, job, 1);
  job.attempt = restored.attempt;
  job.tries = static_cast<std::uint8_t>(restored.tries);
  job.losses = static_cast<std::uint8_t>(restored.losses);
  job.preemptions = static_cast<std::uint16_t>(restored.preemptions);
  if (job.resting) state.rests.emplace(state.now + rest, index);
  if (job.state != JobState::running) return;
  job.worker = state.intern_worker(restored.worker);
  const std::vector<RestoredRank> alone{{restored.worker}};
  restore_holds(state, index, restored, restored.ranks.size() > 1 ? restored.ranks : alone);
}

void restore_study(State& state, const RestoredStudy& restored) {
  const StudyIndex index = state.intern_study(restored.study);
  Study& study = state.study(index);
  study.state = restored.state;
  study.paused = restored.paused;
  study.pin = state.intern_code(restored.code);
  set_order(state, index, restored.order);
  for (const Key& key : restored.jobs) {
    const auto job = state.find_job(key);
    if (!job) continue;
    link_study(state, index, *job);
    enqueue_for(state, *job, index, QueueEnd::back);
  }
}

void restore_worker(State& state, const RestoredWorker& restored) {
  Worker& worker = state.worker(state.intern_worker(restored.worker));
  worker.name = restored.name;
  worker.draining = restored.draining;
  worker.quarantines = restored.quarantines;
  if (restored.quarantine > 0) {
    worker.quarantined_until =
        state.now + std::min(restored.quarantine, quarantine_after(state.limits, worker.quarantines));
  }
  worker.probing = restored.quarantine == 0 && restored.quarantines > 0;
  worker.cordoned = state.cordons.contains(worker.id) || state.cordons.contains(worker.name);
}

// What runs counts as the share of the first study that wants it.
void charge_restored(State& state) {
  for (Worker& worker : state.workers) {
    for (Hold& hold : worker.holds) {
      for_each_study(state, state.job(hold.job), [&](StudyIndex study) {
        if (hold.study == kNoStudy) charge(state, hold, study);
      });
    }
  }
}

// What was remembered always fits together unless someone else changed it; then this makes it fit again.
void heal(State& state, Effects& effects) {
  for (std::size_t i = 0; i < state.jobs.size(); ++i) {
    const auto index = static_cast<JobIndex>(i);
    const Job& job = state.job(index);
    if (job.live_studies == 0) {
      cancel_job(state, index, effects);
    } else if (job.state == JobState::blocked && job.missing_inputs == 0) {
      set_state(state, index, JobState::queued, effects);
    } else if (job.state == JobState::queued && job.missing_inputs > 0) {
      set_state(state, index, JobState::blocked, effects);
    }
  }
  for (std::size_t i = 0; i < state.studies.size(); ++i)
    settle_study(state, static_cast<StudyIndex>(i), effects);
}

}  // namespace

void on_jobs_submitted(State& state, const JobsSubmitted& event, Effects& effects) {
  const StudyIndex study = state.intern_study(event.study);
  if (event.order) set_order(state, study, *event.order);
  reopen(state, study, effects);
  if (event.code) pin_study(state, study, *event.code);
  std::vector<JobIndex> jobs;
  jobs.reserve(event.jobs.size());
  for (const NewJob& added : event.jobs) {
    const JobIndex index = add_job(state, added);
    if (state.job(index).state != JobState::running) set_placement(state, index, added.placement);
    join_study(state, study, index);
    jobs.push_back(index);
  }
  for (const JobIndex index : jobs)
    wake(state, index, effects);
  settle_study(state, study, effects);
}

void on_study_reordered(State& state, const StudyReordered& event) {
  if (const auto study = state.find_study(event.study)) set_order(state, *study, event.order);
}

void on_study_cancelled(State& state, const StudyCancelled& event, Effects& effects) {
  const auto index = state.find_study(event.study);
  if (!index) return;
  const StudyState present = state.study(*index).state;
  if (present != StudyState::queued && present != StudyState::running) return;
  state.study(*index).state = StudyState::cancelled;
  state.study(*index).paused = false;
  effects.push_back(StudyChanged{*index, StudyState::cancelled});
  state.ready.drop(*index);
  const std::vector<JobIndex> jobs = state.study(*index).jobs;
  for (const JobIndex job : jobs)
    refresh_wishes(state, job);
  cancel_unwanted(state, jobs, effects);
}

void on_result_recorded(State& state, const ResultRecorded& event, Effects& effects) {
  const auto index = state.find_job(event.key);
  if (!index || state.job(*index).state == JobState::succeeded) return;
  if (state.job(*index).state == JobState::running) stop_attempt(state, *index, Reason::result_known, effects);
  set_state(state, *index, JobState::succeeded, effects);
}

void on_restored(State& state, const Restored& event, Effects& effects) {
  state.now = event.now;
  state.cordons = {event.cordons.begin(), event.cordons.end()};
  for (const RestoredJob& job : event.jobs)
    restore_job(state, job);
  for (const RestoredStudy& study : event.studies)
    restore_study(state, study);
  for (std::size_t i = 0; i < state.jobs.size(); ++i)
    refresh_wishes(state, static_cast<JobIndex>(i));
  for (const RestoredWorker& worker : event.workers)
    restore_worker(state, worker);
  charge_restored(state);
  heal(state, effects);
}

}  // namespace checkerlab::coordinator::scheduler
