// Studies coming and going. Internal to the scheduler.
#pragma once

#include "coordinator/scheduler/effects.hpp"
#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {

void on_jobs_submitted(State& state, const JobsSubmitted& event, Effects& effects);
void on_study_reordered(State& state, const StudyReordered& event);
void on_study_cancelled(State& state, const StudyCancelled& event, Effects& effects);
void on_result_recorded(State& state, const ResultRecorded& event, Effects& effects);

}  // namespace checkerlab::coordinator::scheduler
