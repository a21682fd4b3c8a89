// Why a job is where it is, in words: what it waits for and, for each connected worker, why that one does not run it.
// Pure; O(workers + inputs of the job + resting jobs), and O(studies with such jobs) for the queue.
#pragma once

#include <string>
#include <vector>

#include "coordinator/scheduler/state.hpp"

namespace checkerlab::coordinator::scheduler {

struct WorkerAnswer {
  WorkerIndex worker{};
  bool suits = false;  // it could run the job when it had room
  std::string reason;
};

struct Explanation {
  std::string summary;
  std::vector<std::string> details;   // a sentence each: the inputs it waits for, who goes first
  std::vector<WorkerAnswer> workers;  // connected ones; of jobs that are ready
};

Explanation why(const State& state, JobIndex job);

// What holds a worker back from taking any work, such as "cordoned"; empty when nothing does.
std::string held_back(const State& state, const Worker& worker);

}  // namespace checkerlab::coordinator::scheduler
