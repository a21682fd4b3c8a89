// The runner child: takes commands from the agent one after the other, does the jobs, and reports. It stays warm
// between jobs.
//
// Two threads: the caller's runs the jobs, a second one reads commands, so that a cancel reaches a job that is busy.
// The process ends when the command pipe closes (the agent is gone) and after an unexpected exception, because nothing
// is known about its state then; the agent starts a fresh one.
#pragma once

#include <cstddef>

#include "worker/runner/registry.hpp"

namespace checkerlab::worker {

// Where the agent places the pipes in the child.
inline constexpr int kCommandDescriptor = 3;
inline constexpr int kEventDescriptor = 4;

struct RunnerOptions {
  int command_fd = kCommandDescriptor;
  int event_fd = kEventDescriptor;
  std::size_t warm_objects = 6;  // loaded objects kept between jobs
};

// Runs until the command pipe closes, then ends the process.
[[noreturn]] void run_runner(const JobRegistry& registry, const RunnerOptions& options = {});

}  // namespace checkerlab::worker
