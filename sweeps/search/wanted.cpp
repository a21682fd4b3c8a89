#include "sweeps/search/wanted.hpp"

#include <string>
#include <unordered_set>
#include <utility>

namespace checkerlab::sweeps {

std::vector<GuidanceRecord> add_wanted(Plan& plan, const SearchSubject& subject, const Scores& scores) {
  std::unordered_set<std::string> present;
  for (const Job& job : plan.jobs)
    present.insert(job.key.str());
  std::vector<GuidanceRecord> records;
  plan.points.clear();
  for (const CurvePlace& place : curve_places(subject.study)) {
    SearchStep step = next_points(subject, place, scores);
    for (Job& job : step.jobs) {
      if (present.insert(job.key.str()).second) plan.jobs.push_back(std::move(job));
    }
    for (GuidanceRecord& record : step.records) {
      if (!record.verdict.full) continue;
      plan.points.push_back(record.point);
      records.push_back(std::move(record));
    }
  }
  return records;
}

}  // namespace checkerlab::sweeps
