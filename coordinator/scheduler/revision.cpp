#include "coordinator/scheduler/revision.hpp"

#include <algorithm>
#include <unordered_set>

#include "coordinator/scheduler/attempts.hpp"
#include "coordinator/scheduler/graph.hpp"
#include "coordinator/scheduler/shares.hpp"
#include "coordinator/scheduler/wishes.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

// The jobs leave the study: its list has `kept` afterwards.
void leave(State& state, StudyIndex study, const std::unordered_set<JobIndex>& kept, Effects& effects) {
  std::vector<JobIndex> gone;
  std::vector<JobIndex>& jobs = state.study(study).jobs;
  for (const JobIndex job : jobs) {
    if (!kept.contains(job)) gone.push_back(job);
  }
  std::erase_if(jobs, [&](JobIndex job) { return !kept.contains(job); });
  if (gone.empty()) return;
  for (const JobIndex job : gone)
    unlink_study(state, study, job);
  state.ready.retain(study, [&](JobIndex job) { return kept.contains(job); });
  cancel_unwanted(state, std::move(gone), effects);
}

bool has_started(State& state, const Job& job, JobIndex index) {
  const Hold* hold = find_hold(state, job.worker, index, job.attempt);
  return hold && hold->started;
}

}  // namespace

void on_study_revised(State& state, const StudyRevised& event, Effects& effects) {
  const auto study = state.find_study(event.study);
  if (!study) return;
  if (event.order) set_order(state, *study, *event.order);
  reopen(state, *study, effects);
  if (event.code) pin_study(state, *study, *event.code);
  std::unordered_set<JobIndex> wanted;
  std::vector<JobIndex> starting;
  for (const NewJob& added : event.jobs) {
    const JobIndex index = add_job(state, added);
    if (state.job(index).state != JobState::running) set_placement(state, index, added.placement);
    wanted.insert(index);
    const bool joins = join_study(state, *study, index);
    if (joins || state.job(index).state == JobState::cancelled) starting.push_back(index);
  }
  leave(state, *study, wanted, effects);
  for (const JobIndex job : to_start_afresh(state, starting))
    wake(state, job, effects);
  for (const JobIndex job : starting)
    wake(state, job, effects);
  settle_study(state, *study, effects);
}

std::vector<JobIndex> to_start_afresh(const State& state, const std::vector<JobIndex>& jobs) {
  std::unordered_set<JobIndex> found;
  std::vector<JobIndex> pending = jobs;
  while (!pending.empty()) {
    const JobIndex index = pending.back();
    pending.pop_back();
    const Job& job = state.job(index);
    if (!is_bad(job) || !found.insert(index).second) continue;
    if (job.bad_inputs > 0) for_each_input(state, job, [&](JobIndex input) { pending.push_back(input); });
  }
  std::vector<JobIndex> afresh;
  for (const JobIndex index : found) {
    if (!is_doomed(state.job(index))) afresh.push_back(index);
  }
  std::ranges::sort(afresh);
  return afresh;
}

void on_jobs_rerun(State& state, const JobsRerun& event, Effects& effects) {
  const auto study = state.find_study(event.study);
  if (!study) return;
  std::vector<JobIndex> named;
  for (const Key& key : event.jobs) {
    const auto job = state.find_job(key);
    if (job && is_linked(state, state.job(*job), *study)) named.push_back(*job);
  }
  const std::vector<JobIndex> afresh = to_start_afresh(state, named);
  if (afresh.empty()) return;
  reopen(state, *study, effects);
  for (const JobIndex job : afresh)
    wake(state, job, effects);
  settle_study(state, *study, effects);
}

void on_study_paused(State& state, const StudyPaused& event, Effects& effects) {
  const auto index = state.find_study(event.study);
  if (!index) return;
  Study& study = state.study(*index);
  if (study.state != StudyState::queued && study.state != StudyState::running) return;
  if (study.paused && !event.paused) activate(state, *index);
  study.paused = event.paused;
  const std::vector<JobIndex> jobs = study.jobs;
  for (const JobIndex job : jobs)
    refresh_wishes(state, job);
  if (!event.paused) return;
  for (const JobIndex job : jobs) {
    const Job& present = state.job(job);
    const bool rests = present.state == JobState::running && present.active_studies == 0;
    if (rests && (event.stop_running || !has_started(state, present, job))) take_back(state, job, effects);
  }
}

}  // namespace checkerlab::coordinator::scheduler
