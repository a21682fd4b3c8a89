// The job kind that does nothing useful, for tests and for measuring the scheduler.
#pragma once

#include "worker/runner/job_kind.hpp"

namespace checkerlab::worker {

// Params: index (integer, echoed as a metric); mode:
//   "ok"     ends at once;
//   "fail"   ends with an error that is not retried;
//   "crash"  raises SIGSEGV;
//   "hang"   waits until it is cancelled;
//   "steps"  counts to `steps` (required), reports progress, and hands over a checkpoint after every step; goes on from
//   one.
// In a gang the ranks meet over TCP, as those of a training; rank 0 does the above, and the others end with an empty
// result when it succeeded, or fail when it is gone: gangs can be tested without LibTorch.
// Throws Error(invalid_argument) for other params.
class NoopJob final : public JobKind {
 public:
  std::string_view name() const override { return "noop"; }
  JobOutput run(const RunCommand& command, JobContext& context, WarmCache& warm) override;
};

}  // namespace checkerlab::worker
