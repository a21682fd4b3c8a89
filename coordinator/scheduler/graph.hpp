// The graph of jobs and the studies that need them: every change of a job's state goes through set_state, which keeps
// the counts of dependents and studies right. Internal to the scheduler.
#pragma once

#include <span>

#include "coordinator/scheduler/effects.hpp"
#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {

// Moves the job to `next`, with all that follows: dependents become queued or doomed, studies end.
void set_state(State& state, JobIndex job, JobState next, Effects& effects, QueueEnd end = QueueEnd::back);

// Adds the job unless its key is known; gives its index. Its inputs must be known (throws Error(invalid_argument));
// `more` are further ones.
JobIndex add_job(State& state, const NewJob& job, std::span<const JobIndex> more = {});

// Adds a job whose key is not known, with these inputs and what follows from them.
JobIndex place_job(State& state, Job job, std::span<const JobIndex> inputs);

// Adds the job as it is now to the counts of the state and of its kind, or takes it off: around every change of its
// standing.
void count_job(State& state, const Job& job, int by);

// Lets a resting job be given to workers again.
void end_rest(State& state, JobIndex job, Effects& effects);

// Puts a queued job into the lanes of all its studies, or of one. Cancelled studies have none.
void enqueue(State& state, JobIndex job, QueueEnd end);
void enqueue_for(State& state, JobIndex job, StudyIndex study, QueueEnd end);

// The job asks for something else of its worker from now on.
void set_placement(State& state, JobIndex job, const Placement& placement);

// Links an unlinked job to a study; refresh_wishes (wishes.hpp) and enqueue_for have to follow.
void link_study(State& state, StudyIndex study, JobIndex job);

// Sets the study's state from its counts, and says so when it changed.
void settle_study(State& state, StudyIndex study, Effects& effects);

// The first input for which the job waits in vain.
JobIndex bad_input(const State& state, const Job& job);

template <class Visit>
void for_each_study(const State& state, const Job& job, Visit&& visit) {
  for (std::uint32_t link = job.studies; link != kEndOfList; link = state.study_links[link].next) {
    visit(state.study_links[link].item);
  }
}

template <class Visit>
void for_each_input(const State& state, const Job& job, Visit&& visit) {
  for (std::uint32_t i = 0; i < job.input_count; ++i)
    visit(state.inputs[job.first_input + i]);
}

}  // namespace checkerlab::coordinator::scheduler
