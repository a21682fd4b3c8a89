// The kinds of job that a worker with LibTorch can do.
#pragma once

#include "worker/runner/registry.hpp"

namespace checkerlab::worker {

// noop and every kind of this folder.
void register_jobs(JobRegistry& registry);

}  // namespace checkerlab::worker
