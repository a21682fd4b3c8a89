#include "coordinator/scheduler/wishes.hpp"

#include <algorithm>
#include <functional>

#include "coordinator/scheduler/attempts.hpp"
#include "coordinator/scheduler/graph.hpp"

namespace checkerlab::coordinator::scheduler {

void refresh_wishes(State& state, JobIndex index) {
  Job& job = state.job(index);
  state.ready_count -= is_ready(job);
  job.live_studies = 0;
  job.active_studies = 0;
  CodeIndex pin = kAnyCode;
  StudyIndex oldest{0xffff'ffff};
  for_each_study(state, job, [&](StudyIndex study_index) {
    const Study& study = state.study(study_index);
    if (study.state == StudyState::cancelled) return;
    ++job.live_studies;
    if (study.paused) return;
    ++job.active_studies;
    if (study.pin == kAnyCode || study_index > oldest) return;
    pin = study.pin;
    oldest = study_index;
  });
  state.ready_count += is_ready(job);
  if (const LaneIndex lane = state.intern_lane(job.kind, pin); lane != job.lane) {
    job.lane = lane;
    job.in_queue = false;  // its entry in the other lane no longer counts
  }
  if (job.state == JobState::queued) enqueue(state, index, QueueEnd::back);
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
  for (const JobIndex job : study.jobs)
    refresh_wishes(state, job);
  effects.push_back(StudyChanged{index, StudyState::queued});
}

void pin_study(State& state, StudyIndex index, const std::string& code) {
  Study& study = state.study(index);
  const CodeIndex pin = state.intern_code(code);
  if (study.pin == pin) return;
  study.pin = pin;
  for (const JobIndex job : study.jobs)
    refresh_wishes(state, job);
}

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

void cancel_unwanted(State& state, std::vector<JobIndex> jobs, Effects& effects) {
  // Those who wait first, which are younger: an input that goes must not doom a job that goes too.
  std::ranges::sort(jobs, std::greater<>());
  for (const JobIndex job : jobs) {
    if (state.job(job).live_studies == 0) cancel_job(state, job, effects);
  }
}

}  // namespace checkerlab::coordinator::scheduler
