// A study of jobs that do nothing: for measuring, and for trying a set-up out.
#pragma once

#include <cstdint>
#include <string>

#include "coordinator/service/coordinator.hpp"
#include "sweeps/placement.hpp"

namespace checkerlab::coordinator {

// `count` jobs; equal names share them, others do not. `mode` as in sweeps::noop_job, `ranks`: how many workers do each
// together. Takes some microseconds a job. Throws Error(too_large) when `count` is beyond a study's limit, or below 1.
StudySubmission noop_submission(const std::string& name, std::int64_t count, const std::string& mode,
                                sweeps::RankRange ranks = {});

}  // namespace checkerlab::coordinator
