#include "coordinator/scheduler/submission.hpp"

#include "coordinator/scheduler/attempts.hpp"
#include "coordinator/scheduler/graph.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

bool is_linked(const State& state, const Job& job, StudyIndex study) {
  bool linked = false;
  for_each_study(state, job, [&](StudyIndex other) { linked = linked || other == study; });
  return linked;
}

void reopen(State& state, StudyIndex index, Effects& effects) {
  Study& study = state.study(index);
  if (study.state != StudyState::cancelled) return;
  study.state = StudyState::queued;
  for (const JobIndex job : study.jobs)
    ++state.job(job).live_studies;
  effects.push_back(StudyChanged{index, StudyState::queued});
}

// Lets a job that is new, had failed or was cancelled run (again).
void wake(State& state, JobIndex index, Effects& effects) {
  Job& job = state.job(index);
  const bool ended = job.state == JobState::failed || job.state == JobState::cancelled;
  if (!ended && job.state != JobState::blocked) return;
  if (ended) job.tries = 0;
  set_state(state, index, job.missing_inputs == 0 ? JobState::queued : JobState::blocked, effects);
}

void cancel_job(State& state, JobIndex index, Effects& effects) {
  const JobState present = state.job(index).state;
  const bool ended = present == JobState::succeeded || present == JobState::failed || present == JobState::cancelled;
  if (ended) return;
  if (present == JobState::running) stop_attempt(state, index, Reason::cancelled, effects);
  set_state(state, index, JobState::cancelled, effects);
}

// Puts a job back as it was; counts of its inputs come from add_job.
void restore_job(State& state, const RestoredJob& restored) {
  const JobIndex index = add_job(state, restored.job);
  Job& job = state.job(index);
  count_in_kind(state, job, -1);
  job.state = restored.state;
  count_in_kind(state, job, 1);
  job.attempt = restored.attempt;
  job.tries = static_cast<std::uint8_t>(restored.tries);
  if (job.state == JobState::queued) {
    ++state.ready_count;
    job.in_queue = true;
    state.ready.push_back(job.kind, job.priority, index);
  } else if (job.state == JobState::running) {
    ++state.running_count;
    job.worker = state.intern_worker(restored.worker);
    state.worker(job.worker)
        .holds.push_back({index, job.attempt, state.now + state.limits.lease, restored.started, false});
  }
}

void restore_study(State& state, const RestoredStudy& restored) {
  const StudyIndex index = state.intern_study(restored.study);
  state.study(index).state = restored.state;
  for (const Key& key : restored.jobs) {
    if (const auto job = state.find_job(key)) link_study(state, index, *job);
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
  reopen(state, study, effects);
  std::vector<JobIndex> jobs;
  jobs.reserve(event.jobs.size());
  for (const NewJob& added : event.jobs) {
    const JobIndex index = add_job(state, added);
    if (!is_linked(state, state.job(index), study)) link_study(state, study, index);
    jobs.push_back(index);
  }
  for (const JobIndex index : jobs)
    wake(state, index, effects);
  settle_study(state, study, effects);
}

void on_study_cancelled(State& state, const StudyCancelled& event, Effects& effects) {
  const auto index = state.find_study(event.study);
  if (!index) return;
  const StudyState present = state.study(*index).state;
  if (present != StudyState::queued && present != StudyState::running) return;
  state.study(*index).state = StudyState::cancelled;
  effects.push_back(StudyChanged{*index, StudyState::cancelled});
  const std::vector<JobIndex> jobs = state.study(*index).jobs;
  for (const JobIndex job : jobs)
    --state.job(job).live_studies;
  // Those who wait first: an input that goes must not doom a job that goes too.
  for (auto job = jobs.rbegin(); job != jobs.rend(); ++job) {
    if (state.job(*job).live_studies == 0) cancel_job(state, *job, effects);
  }
}

void on_result_recorded(State& state, const ResultRecorded& event, Effects& effects) {
  const auto index = state.find_job(event.key);
  if (!index || state.job(*index).state == JobState::succeeded) return;
  if (state.job(*index).state == JobState::running) stop_attempt(state, *index, Reason::result_known, effects);
  set_state(state, *index, JobState::succeeded, effects);
}

void on_restored(State& state, const Restored& event, Effects& effects) {
  state.now = event.now;
  for (const RestoredJob& job : event.jobs)
    restore_job(state, job);
  for (const RestoredStudy& study : event.studies)
    restore_study(state, study);
  heal(state, effects);
}

}  // namespace checkerlab::coordinator::scheduler
