#include "sweeps/study_size.hpp"

#include "sweeps/plan.hpp"

namespace checkerlab::sweeps {
namespace {

std::string problem(std::int64_t count, const std::string& what, std::int64_t limit) {
  return "the study is too large: " + std::to_string(count) + " " + what + ", at most " + std::to_string(limit) +
         " are allowed";
}

}  // namespace

std::optional<std::string> too_large(const StudySize& size) {
  if (size.points > kMaxPoints) return problem(size.points, "points", kMaxPoints);
  const std::int64_t jobs = size.points * (size.shards_per_point + 1);
  if (jobs > kMaxJobs) return problem(jobs, "evaluation jobs", kMaxJobs);
  return std::nullopt;
}

}  // namespace checkerlab::sweeps
