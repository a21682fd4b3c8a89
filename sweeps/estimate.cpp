#include "sweeps/estimate.hpp"

#include <algorithm>
#include <map>

#include "base/sha256.hpp"
#include "schemas/validate.hpp"
#include "sweeps/work.hpp"

namespace checkerlab::sweeps {
namespace {

constexpr double kMega = 1e6;

class Estimator {
 public:
  Estimator(const StudyDefinition& study, const Plan& plan, std::span<const Rate> rates)
      : plan_(plan), rates_(rates), assumed_{images_of(study.dataset), study.model} {
    for (const Job& job : plan.jobs)
      specs_[job.key.str()] = &job.spec;
  }

  StudyEstimate run() {
    for (const Job& job : plan_.jobs)
      add(job);
    for (const std::string& kind : job_kinds()) {
      const auto stage = stages_.find(kind);
      if (stage == stages_.end()) continue;
      total_.complete = total_.complete && stage->second.seconds;
      total_.seconds += stage->second.seconds.value_or(0);
      total_.bytes += stage->second.bytes;
      total_.stages.push_back(std::move(stage->second));
    }
    return std::move(total_);
  }

 private:
  static std::int64_t images_of(const DatasetDefinition& dataset) {
    if (dataset.limit_per_class == 0) return dataset.images;
    const std::int64_t limit = dataset.limit_per_class * dataset.classes;
    return dataset.images == 0 ? limit : std::min(limit, dataset.images);
  }

  void add(const Job& job) {
    StageEstimate& stage = stages_[job.kind];
    stage.kind = job.kind;
    ++stage.jobs;
    const auto work = work_of(
        job.spec, [&](const std::string& key) { return spec_of(key); }, assumed_);
    double seconds = 0;
    if (!work) {
      forget(stage, "the number of images is not known: set dataset.images");
    } else {
      stage.images += work->units;
      stage.bytes += work->megabytes * kMega;
      if (work->units > 0) seconds = seconds_of(stage, *work);
    }
    if (stage.seconds) *stage.seconds += seconds;
    double before = 0;
    for (const Input& input : job.inputs)
      before = std::max(before, ends_[input.key.str()]);
    ends_[job.key.str()] = before + seconds;
    total_.longest_seconds = std::max(total_.longest_seconds, before + seconds);
  }

  double seconds_of(StageEstimate& stage, const JobWork& work) {
    const auto rate = nearest_rate(rates_, stage.kind, work.gflop);
    if (!rate) {
      forget(stage, "there is no rate");
      return 0;
    }
    if (std::ranges::find(stage.rates, *rate) == stage.rates.end()) stage.rates.push_back(*rate);
    return seconds_at(*rate, work.units, work.gflop);
  }

  static void forget(StageEstimate& stage, const std::string& why) {
    stage.seconds.reset();
    stage.missing = why;
  }

  const nlohmann::json* spec_of(const std::string& key) const {
    const auto found = specs_.find(key);
    return found == specs_.end() ? nullptr : found->second;
  }

  const Plan& plan_;
  std::span<const Rate> rates_;
  Assumed assumed_;
  std::map<std::string, const nlohmann::json*> specs_;
  std::map<std::string, StageEstimate> stages_;
  std::map<std::string, double> ends_;
  StudyEstimate total_;
};

}  // namespace

double StudyEstimate::wall_seconds(int workers) const {
  return std::max(longest_seconds, seconds / workers);
}

Plan plan_without_files(const StudyDefinition& wanted_study) {
  StudyDefinition study = wanted_study;
  if (study.sweep.search) study.sweep.search->full = true;
  std::vector<GivenFile> files;
  for (const WantedFile& wanted : wanted_files(study))
    files.push_back({wanted.place, wanted.text, sha256_hex(wanted.text)});
  if (study.dataset.kind != DatasetKind::files) return plan_study(study, std::nullopt, files);
  return plan_study(study, DatasetContent{study.dataset.path, sha256_hex(study.dataset.path), study.dataset.images},
                    files);
}

StudyEstimate estimate(const StudyDefinition& study, const Plan& plan, std::span<const Rate> rates) {
  return Estimator(study, plan, rates).run();
}

}  // namespace checkerlab::sweeps
