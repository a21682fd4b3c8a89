// The parts of a study definition that say where and in which order it runs: `priority`, `deadline` and `placement`.
// Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "sweeps/definition.hpp"

namespace checkerlab::sweeps {

// From a checked definition.
SchedulingDefinition read_scheduling(const nlohmann::json& definition);

// Kinds of jobs that several workers can do together.
bool runs_on_several(std::string_view kind);

// The hint of a job that asks for something: {"labels", "memory_bytes", "time_limit_seconds", "ranks": {"min", "max"}};
// null when it does not.
nlohmann::json placement_hint(const PlacementDefinition& placement);

}  // namespace checkerlab::sweeps
