#include "worker/runner/job_kind.hpp"

#include "base/error.hpp"

namespace checkerlab::worker {

void JobContext::throw_if_cancelled() const {
  if (cancelled()) throw_cancelled();
}

void JobContext::throw_cancelled() {
  throw Error(ErrorCode::cancelled, "the attempt was cancelled");
}

}  // namespace checkerlab::worker
