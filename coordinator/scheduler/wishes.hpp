// What studies want of their jobs: whether a job may run at all, whether now, and on workers of which code version.
// Internal to the scheduler.
#pragma once

#include <string>
#include <vector>

#include "coordinator/scheduler/effects.hpp"
#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {

// Brings what a job keeps of its studies up to date after one of them changed or the list did: how many want it, how
// many of them are not paused, and whether those agree on a code version. O(studies of the job).
void refresh_wishes(State& state, JobIndex job);

// Whether the study has its jobs run now, and at this worker.
bool lets_have(const Study& study, const Worker& worker);
// Whether any study that wants the job does. O(studies of the job).
bool may_have(const State& state, const Worker& worker, const Job& job);

bool is_linked(const State& state, const Job& job, StudyIndex study);
// Links a job to a study that may have it already. True when it had not.
bool join_study(State& state, StudyIndex study, JobIndex job);
// Takes the job off the study's counts and off its own list; the study's list of jobs and its lanes are the caller's to
// change.
void unlink_study(State& state, StudyIndex study, JobIndex job);

// Makes a cancelled study wait again; its jobs are the caller's to wake.
void reopen(State& state, StudyIndex study, Effects& effects);
// Empty: to any code version. O(jobs of the study) when it was pinned otherwise.
void pin_study(State& state, StudyIndex study, const std::string& code);

// Lets a job that is new, had failed or was cancelled run (again).
void wake(State& state, JobIndex job, Effects& effects);
// Ends a job that has not ended.
void cancel_job(State& state, JobIndex job, Effects& effects);
// Cancels those of the jobs that no study wants.
void cancel_unwanted(State& state, std::vector<JobIndex> jobs, Effects& effects);

}  // namespace checkerlab::coordinator::scheduler
