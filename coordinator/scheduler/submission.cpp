#include "coordinator/scheduler/submission.hpp"

#include <algorithm>

#include "coordinator/scheduler/attempts.hpp"
#include "coordinator/scheduler/graph.hpp"
#include "coordinator/scheduler/shares.hpp"
#include "coordinator/scheduler/wishes.hpp"

namespace checkerlab::coordinator::scheduler {

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

}  // namespace checkerlab::coordinator::scheduler
