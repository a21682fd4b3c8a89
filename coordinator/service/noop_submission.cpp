#include "coordinator/service/noop_submission.hpp"

#include "base/error.hpp"
#include "base/sha256.hpp"

namespace checkerlab::coordinator {

StudySubmission noop_submission(const std::string& name, std::int64_t count, const std::string& mode,
                                sweeps::RankRange ranks) {
  if (count < 1 || count > sweeps::kMaxJobs) {
    throw Error(ErrorCode::too_large,
                "study too large: " + std::to_string(count) + " jobs; the limit is " + std::to_string(sweeps::kMaxJobs),
                "Choose a count from 1 to the limit.");
  }
  constexpr std::int64_t kSteps = 10;
  // Each name has its own million of indices.
  const std::int64_t first = std::stoll(sha256_hex(name).substr(0, 8), nullptr, 16) * sweeps::kMaxJobs;
  StudySubmission submission;
  submission.name = name;
  submission.title = std::to_string(count) + " jobs that do nothing";
  for (std::int64_t i = 0; i < count; ++i) {
    submission.plan.jobs.push_back(sweeps::noop_job(first + i, mode, mode == "steps" ? kSteps : 0));
    if (ranks.max > 1) submission.plan.jobs.back().hints["placement"] = sweeps::placement_hint({.ranks = ranks});
  }
  return submission;
}

}  // namespace checkerlab::coordinator
