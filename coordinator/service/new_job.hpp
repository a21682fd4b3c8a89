// A planned job as the scheduler takes it.
#pragma once

#include "coordinator/scheduler/events.hpp"
#include "sweeps/plan.hpp"

namespace checkerlab::coordinator {

scheduler::NewJob new_job(const sweeps::Job& job);

}  // namespace checkerlab::coordinator
