#include "coordinator/scheduler/graph.hpp"

#include <type_traits>

#include "base/error.hpp"
#include "coordinator/scheduler/gangs.hpp"
#include "coordinator/scheduler/placement.hpp"
#include "coordinator/scheduler/shares.hpp"

namespace checkerlab::coordinator::scheduler {
namespace {

// What the rest of the graph sees of a job.
struct Standing {
  bool open, bad, succeeded;
  explicit Standing(const Job& job)
      : open(is_open(job)), bad(is_bad(job)), succeeded(job.state == JobState::succeeded) {}
};

std::vector<JobIndex> dependents_of(const State& state, const Job& job) {
  std::vector<JobIndex> dependents;
  for (std::uint32_t link = job.dependents; link != kEndOfList; link = state.dependent_links[link].next) {
    dependents.push_back(state.dependent_links[link].item);
  }
  return dependents;
}

void forget_rest(State& state, JobIndex index) {
  if (!state.job(index).resting) return;
  state.rests.erase({state.rests_until(index), index});
  state.job(index).resting = false;
}

void count_in_studies(State& state, JobIndex index, const Standing& before, Effects& effects) {
  const Standing after(state.job(index));
  for_each_study(state, state.job(index), [&](StudyIndex study) {
    state.study(study).open += static_cast<std::uint32_t>(after.open) - static_cast<std::uint32_t>(before.open);
    state.study(study).succeeded +=
        static_cast<std::uint32_t>(after.succeeded) - static_cast<std::uint32_t>(before.succeeded);
    settle_study(state, study, effects);
  });
}

// An input of `index` became bad or good again. True when that dooms or revives the job itself.
bool input_standing_changed(State& state, JobIndex index, bool bad, Effects& effects) {
  Job& job = state.job(index);
  const Standing before(job);
  count_job(state, job, -1);
  job.bad_inputs += bad ? 1U : -1U;
  count_job(state, job, 1);
  const Standing after(job);
  if (before.bad == after.bad) return false;
  if (after.bad) {
    effects.push_back(JobDoomed{index, bad_input(state, job)});
  } else {
    effects.push_back(JobRevived{index});
  }
  count_in_studies(state, index, before, effects);
  return true;
}

// Carries a change of badness to everything downstream, without recursion: chains may be long.
void spread_standing(State& state, JobIndex origin, bool bad, Effects& effects) {
  std::vector<JobIndex> pending{origin};
  while (!pending.empty()) {
    const JobIndex index = pending.back();
    pending.pop_back();
    for (const JobIndex dependent : dependents_of(state, state.job(index))) {
      if (input_standing_changed(state, dependent, bad, effects)) pending.push_back(dependent);
    }
  }
}

void release_dependents(State& state, JobIndex index, Effects& effects) {
  for (const JobIndex dependent : dependents_of(state, state.job(index))) {
    Job& job = state.job(dependent);
    if (--job.missing_inputs == 0 && job.state == JobState::blocked) {
      set_state(state, dependent, JobState::queued, effects);
    }
  }
}

}  // namespace

void count_job(State& state, const Job& job, int by) {
  const auto change = [by](auto& count, bool counts) {
    if (counts) count = static_cast<std::remove_reference_t<decltype(count)>>(static_cast<std::int64_t>(count) + by);
  };
  const bool queued = job.state == JobState::queued;
  Kind& kind = state.kinds[at(job.kind)];
  change(kind.jobs[static_cast<std::size_t>(job.state)], true);
  change(kind.doomed, is_doomed(job));
  change(kind.resting, queued && job.resting);
  if (is_ready(job)) {
    Shape& shape = state.shapes[at(job.shape)];
    change(shape.ready, true);
    if (job.code != kAnyCode) change(shape.pinned[job.code], true);
    change(state.ready_count, true);
  }
  change(state.running_count, job.state == JobState::running);
}

void set_state(State& state, JobIndex index, JobState next, Effects& effects, QueueEnd end) {
  Job& job = state.job(index);
  if (job.state == next) return;
  const Standing before(job);
  const JobState from = job.state;
  count_job(state, job, -1);
  job.state = next;
  count_job(state, job, 1);
  if (next != JobState::running) job.worker = kNoWorker;
  forget_gang(state, index);
  if (next != JobState::queued) forget_rest(state, index);
  if (next == JobState::queued) enqueue(state, index, end);
  effects.push_back(JobChanged{index, next, from});
  if (is_doomed(job)) effects.push_back(JobDoomed{index, bad_input(state, job)});

  count_in_studies(state, index, before, effects);
  const Standing after(state.job(index));
  if (before.bad != after.bad) spread_standing(state, index, after.bad, effects);
  if (after.succeeded && !before.succeeded) release_dependents(state, index, effects);
}

void end_rest(State& state, JobIndex index, Effects& effects) {
  count_job(state, state.job(index), -1);
  forget_rest(state, index);
  count_job(state, state.job(index), 1);
  effects.push_back(JobRests{index, 0});
  enqueue(state, index, QueueEnd::back);
}

void enqueue(State& state, JobIndex index, QueueEnd end) {
  if (state.job(index).resting) return;
  for_each_study(state, state.job(index), [&](StudyIndex study) { enqueue_for(state, index, study, end); });
}

void enqueue_for(State& state, JobIndex index, StudyIndex study, QueueEnd end) {
  const Job& job = state.job(index);
  if (job.state != JobState::queued || job.resting || state.study(study).state == StudyState::cancelled) return;
  // A paused study comes back to its share when it is resumed.
  if (!state.study(study).paused) activate(state, study);
  state.ready.push(job.shape, study, job.priority, index, end);
}

void set_placement(State& state, JobIndex index, const Placement& placement) {
  Job& job = state.job(index);
  const ShapeIndex shape = intern_shape(state, job.kind, placement);
  if (shape == job.shape) return;
  count_job(state, job, -1);
  job.shape = shape;
  count_job(state, job, 1);
  if (job.state == JobState::queued) enqueue(state, index, QueueEnd::back);
}

JobIndex add_job(State& state, const NewJob& added, std::span<const JobIndex> more) {
  if (const auto known = state.find_job(added.key)) return *known;
  Job job;
  job.key = added.key;
  job.kind = state.intern_kind(added.kind);
  state.kinds[at(job.kind)].prefetch = added.prefetch;  // a worker may have named the kind first
  job.shape = intern_shape(state, job.kind, added.placement);
  job.priority = added.priority;
  std::vector<JobIndex> inputs;
  for (const Key& key : added.inputs) {
    const auto input = state.find_job(key);
    if (!input) {
      throw Error(ErrorCode::invalid_argument, "job " + to_hex(added.key) + " needs the unknown job " + to_hex(key));
    }
    inputs.push_back(*input);
  }
  inputs.insert(inputs.end(), more.begin(), more.end());
  return place_job(state, job, inputs);
}

JobIndex place_job(State& state, Job job, std::span<const JobIndex> inputs) {
  const auto index = static_cast<JobIndex>(state.jobs.size());
  job.first_input = static_cast<std::uint32_t>(state.inputs.size());
  job.input_count = static_cast<std::uint32_t>(inputs.size());
  for (const JobIndex input : inputs) {
    job.missing_inputs += state.job(input).state != JobState::succeeded;
    job.bad_inputs += is_bad(state.job(input));
    std::uint32_t& head = state.job(input).dependents;
    state.dependent_links.push_back({index, head});
    head = static_cast<std::uint32_t>(state.dependent_links.size() - 1);
  }
  state.inputs.insert(state.inputs.end(), inputs.begin(), inputs.end());
  state.jobs.push_back(job);
  count_job(state, job, 1);
  state.job_by_key.insert(index, [&](JobIndex other) -> const Key& { return state.job(other).key; });
  return index;
}

void link_study(State& state, StudyIndex study_index, JobIndex index) {
  Job& job = state.job(index);
  Study& study = state.study(study_index);
  state.study_links.push_back({study_index, job.studies});
  job.studies = static_cast<std::uint32_t>(state.study_links.size() - 1);
  study.jobs.push_back(index);
  study.open += is_open(job);
  study.succeeded += job.state == JobState::succeeded;
}

void settle_study(State& state, StudyIndex index, Effects& effects) {
  Study& study = state.study(index);
  if (study.state == StudyState::cancelled) return;
  StudyState next = study.state;
  if (study.open == 0) {
    next = study.succeeded == study.jobs.size() ? StudyState::succeeded : StudyState::failed;
  } else if (study.state == StudyState::succeeded || study.state == StudyState::failed) {
    next = StudyState::running;
  }
  if (next == study.state) return;
  study.state = next;
  effects.push_back(StudyChanged{index, next});
}

JobIndex bad_input(const State& state, const Job& job) {
  JobIndex found{};
  bool seen = false;
  for_each_input(state, job, [&](JobIndex input) {
    if (!seen && is_bad(state.job(input))) {
      found = input;
      seen = true;
    }
  });
  return found;
}

}  // namespace checkerlab::coordinator::scheduler
