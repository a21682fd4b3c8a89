// What a job asks of its worker, as it stands in its hints: {"placement": {"labels": {…}, "memory_bytes": …,
// "time_limit_seconds": …, "ranks": {"min": …, "max": …}}}, every part optional. Hints are not part of a job's key.
#pragma once

#include <nlohmann/json.hpp>

#include "coordinator/scheduler/events.hpp"

namespace checkerlab::coordinator {

// From the value of "placement".
scheduler::Placement placement_from(const nlohmann::json& json);
// From all hints of a job.
scheduler::Placement placement_of_hints(const nlohmann::json& hints);

}  // namespace checkerlab::coordinator
