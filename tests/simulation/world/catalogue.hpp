// The studies of a run: small ones that share jobs, one of jobs that do nothing, and in some runs one that searches for
// guidance and so grows while it runs. Pure: equal seeds give equal studies.
#pragma once

#include <cstdint>
#include <vector>

#include "coordinator/service/coordinator.hpp"

namespace checkerlab::simulation {

std::vector<coordinator::StudySubmission> make_studies(std::uint64_t seed);

// Another definition of the study: the same name, another set. One that searches stays as it is. Pure.
coordinator::StudySubmission make_variant(const coordinator::StudySubmission& study, std::uint32_t number);

// All kinds of jobs in them.
const std::vector<std::string>& all_kinds();

// What an honest worker measures: a function of the job, and of who made it, which the checks look at.
rpc::JobResult honest_result(const rpc::Assignment& job);

}  // namespace checkerlab::simulation
