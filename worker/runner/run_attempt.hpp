// Runs one attempt and turns however it ends into its last event. A rank of a gang that ends because of another rank
// fails with kRankGone, to be retried.
#pragma once

#include "worker/runner/command_queue.hpp"
#include "worker/runner/registry.hpp"

namespace checkerlab::worker {

struct AttemptEnd {
  Event event;                // DoneEvent, FailedEvent or CancelledEvent
  bool process_sound = true;  // false after an exception that nobody foresaw
};

// Never throws.
AttemptEnd run_attempt(const Work& work, const JobRegistry& registry, WarmCache& warm);

}  // namespace checkerlab::worker
