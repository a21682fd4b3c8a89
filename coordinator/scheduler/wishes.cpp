#include "coordinator/scheduler/wishes.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "coordinator/scheduler/attempts.hpp"
#include "coordinator/scheduler/graph.hpp"

namespace checkerlab::coordinator::scheduler {

void refresh_wishes(State& state, JobIndex index) {
  Job& job = state.job(index);
  count_job(state, job, -1);
  job.live_studies = 0;
  job.active_studies = 0;
  for_each_study(state, job, [&](StudyIndex wanting) {
    const Study& study = state.study(wanting);
    const bool live = study.state != StudyState::cancelled;
    job.live_studies += live;
    if (!live || study.paused) return;
    const bool first = job.active_studies++ == 0;
    job.code = first || job.code == study.pin ? study.pin : kAnyCode;
  });
  if (job.active_studies == 0) job.code = kAnyCode;
  count_job(state, job, 1);
}

bool lets_have(const Study& study, const Worker& worker) {
  if (study.state == StudyState::cancelled || study.paused) return false;
  return study.pin == kAnyCode || study.pin == worker.code;
}

bool may_have(const State& state, const Worker& worker, const Job& job) {
  bool may = false;
  for_each_study(state, job, [&](StudyIndex study) { may = may || lets_have(state.study(study), worker); });
  return may;
}

bool is_linked(const State& state, const Job& job, StudyIndex study) {
  bool linked = false;
  for_each_study(state, job, [&](StudyIndex other) { linked = linked || other == study; });
  return linked;
}

bool join_study(State& state, StudyIndex study, JobIndex index) {
  if (is_linked(state, state.job(index), study)) return false;
  link_study(state, study, index);
  refresh_wishes(state, index);
  enqueue_for(state, index, study, QueueEnd::back);
  return true;
}

void unlink_study(State& state, StudyIndex study_index, JobIndex index) {
  Job& job = state.job(index);
  Study& study = state.study(study_index);
  std::uint32_t* link = &job.studies;
  while (*link != kEndOfList && state.study_links[*link].item != study_index)
    link = &state.study_links[*link].next;
  if (*link == kEndOfList) return;
  *link = state.study_links[*link].next;
  study.open -= is_open(job);
  study.succeeded -= job.state == JobState::succeeded;
  refresh_wishes(state, index);
}

void reopen(State& state, StudyIndex index, Effects& effects) {
  Study& study = state.study(index);
  if (study.state != StudyState::cancelled) return;
  study.state = StudyState::queued;
  for (const JobIndex job : study.jobs) {
    refresh_wishes(state, job);
    enqueue_for(state, job, index, QueueEnd::back);  // what another study had queued
  }
  effects.push_back(StudyChanged{index, StudyState::queued});
}

void pin_study(State& state, StudyIndex study, const std::string& code) {
  const CodeIndex pin = state.intern_code(code);
  if (std::exchange(state.study(study).pin, pin) == pin) return;
  for (const JobIndex job : state.study(study).jobs)
    refresh_wishes(state, job);
}

void wake(State& state, JobIndex index, Effects& effects) {
  Job& job = state.job(index);
  const bool ended = job.state == JobState::failed || job.state == JobState::cancelled;
  if (!ended && job.state != JobState::blocked) return;
  if (ended) job.tries = job.losses = 0;
  set_state(state, index, job.missing_inputs == 0 ? JobState::queued : JobState::blocked, effects);
}

void cancel_job(State& state, JobIndex index, Effects& effects) {
  const JobState present = state.job(index).state;
  const bool ended = present == JobState::succeeded || present == JobState::failed || present == JobState::cancelled;
  if (ended) return;
  if (present == JobState::running) stop_attempt(state, index, Reason::cancelled, effects);
  set_state(state, index, JobState::cancelled, effects);
}

void cancel_unwanted(State& state, std::vector<JobIndex> jobs, Effects& effects) {
  // Those who wait first, which are younger: an input that goes must not doom a job that goes too.
  std::ranges::sort(jobs, std::greater<>());
  for (const JobIndex job : jobs) {
    if (state.job(job).live_studies == 0) cancel_job(state, job, effects);
  }
}

}  // namespace checkerlab::coordinator::scheduler
