// Runs a schedule from an empty coordinator to the end of every study. Deterministic; any number of threads may run at
// once, each its own.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/simulation/plants/plant.hpp"
#include "tests/simulation/schedule/operation.hpp"

namespace checkerlab::simulation {

// How often something happened that a run should have seen; names as in world.cpp.
using Tally = std::map<std::string, std::uint64_t>;

struct RunReport {
  std::string problem;             // empty when every promise was kept
  std::size_t operations = 0;      // done before the problem, or all
  std::uint64_t hash = 0;          // of the trace
  std::vector<std::string> trace;  // when asked for
  Tally tally;
};

RunReport run(const Schedule& schedule, const Plant& plant = {}, bool keep_trace = false);

}  // namespace checkerlab::simulation
