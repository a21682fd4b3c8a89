// Bugs planted to prove that the simulator finds such bugs. Production code knows nothing of them: they stand in for
// its parts through the seams that the simulator uses anyway.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "coordinator/scheduler/scheduler.hpp"
#include "tests/simulation/process/stepped_writer.hpp"

namespace checkerlab::simulation {

using Scheduler = std::function<void(coordinator::scheduler::State&, const coordinator::scheduler::Event&,
                                     coordinator::scheduler::Effects&)>;

struct Plant {
  std::string name;     // empty: nothing is planted
  Scheduler scheduler;  // null: the real one
  WriterFaults writer;
  bool ignores_syncs = false;  // the disk lies: nothing is ever synced
};

// One of each kind of bug that would cost people results.
std::vector<Plant> all_plants();

// Throws Error(not_found) naming those there are.
Plant find_plant(const std::string& name);

}  // namespace checkerlab::simulation
