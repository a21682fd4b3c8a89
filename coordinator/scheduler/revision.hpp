// A study as a set that people change: other jobs, the failed ones again, a rest. Internal to the scheduler.
#pragma once

#include <vector>

#include "coordinator/scheduler/effects.hpp"
#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {

void on_study_revised(State& state, const StudyRevised& event, Effects& effects);
void on_jobs_rerun(State& state, const JobsRerun& event, Effects& effects);
void on_study_paused(State& state, const StudyPaused& event, Effects& effects);

// What has to start afresh for these jobs to run: those of them that failed or were cancelled, and so on through the
// inputs for which they wait in vain. Oldest first. Pure.
std::vector<JobIndex> to_start_afresh(const State& state, const std::vector<JobIndex>& jobs);

}  // namespace checkerlab::coordinator::scheduler
