#include "sweeps/plan.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "sweeps/job_specs.hpp"
#include "sweeps/pyramid.hpp"
#include "sweeps/study_size.hpp"

namespace checkerlab::sweeps {
namespace {

std::int64_t shards_of(const EvaluationDefinition& evaluation) {
  return (evaluation.samples + evaluation.shard_size - 1) / evaluation.shard_size;
}

class Planner {
 public:
  Planner(const StudyDefinition& study, const std::optional<DatasetContent>& content)
      : study_(study), content_(content) {}

  Plan run() {
    dataset_ = add(import_job(study_, content_));
    tokenizer_ = add(tokenizer_job(study_, dataset_));
    if (study_.tokenizer.retrain_codebook) tokenizer_ = add(codebook_job(study_, dataset_, tokenizer_));
    network_ = add(network_job(study_, dataset_));
    reference_ = add(reference_job(study_, dataset_, network_));
    for (const Ratio& ratio : study_.sweep.ratios)
      add_ratio(ratio);
    return std::move(plan_);
  }

 private:
  // Adds a job unless its key is there already; gives the key.
  JobKey add(Job job) {
    JobKey key = job.key;
    if (known_.insert(key).second) plan_.jobs.push_back(std::move(job));
    return key;
  }

  void add_ratio(const Ratio& ratio) {
    const std::vector<int> sizes = scale_sizes(study_.grid(), ratio);
    std::vector<Input> tokens;
    for (const int size : sizes)
      tokens.push_back({tokens_role(size), add(tokens_job(size, dataset_, tokenizer_))});
    ModelInputs inputs{tokenizer_, network_, {}, ratio.text};
    inputs.model = add(model_job(study_, ratio, tokenizer_, std::move(tokens)));
    plan_.sample_grids.push_back({add(sample_grid_job(study_, inputs, sizes)), inputs.model, ratio.text});
    for (const int steps : study_.sweep.steps_per_scale)
      add_steps(ratio, sizes, inputs, steps);
  }

  void add_steps(const Ratio& ratio, const std::vector<int>& sizes, const ModelInputs& inputs, int steps) {
    for (const double guidance : study_.sweep.guidance) {
      for (const std::int64_t seed : study_.evaluation.seeds) {
        const JobKey score = add_point(inputs, {canonical_steps(sizes, steps), guidance, seed});
        if (!scores_.insert(score).second) continue;  // another number of steps with the same blocks
        plan_.points.push_back({score, inputs.model, ratio.text, ratio.value, sizes, steps, total_steps(sizes, steps),
                                guidance, start_step(study_, guidance), seed, study_.evaluation.samples});
      }
    }
  }

  JobKey add_point(const ModelInputs& inputs, const Sampling& sampling) {
    const EvaluationDefinition& evaluation = study_.evaluation;
    std::vector<Input> shards;
    for (std::int64_t i = 0; i < shards_of(evaluation); ++i) {
      const std::int64_t begin = i * evaluation.shard_size;
      const std::int64_t end = std::min(begin + evaluation.shard_size, evaluation.samples);
      shards.push_back({shard_role(i), add(shard_job(study_, inputs, sampling, begin, end))});
    }
    return add(score_job(study_, inputs, sampling, reference_, std::move(shards)));
  }

  const StudyDefinition& study_;
  const std::optional<DatasetContent>& content_;
  Plan plan_;
  std::set<JobKey> known_;
  std::set<JobKey> scores_;
  JobKey dataset_;
  JobKey tokenizer_;
  JobKey network_;
  JobKey reference_;
};

void check_batch(const std::string& path, int batch, std::int64_t images) {
  if (batch <= images) return;
  throw Error(ErrorCode::invalid_argument,
              path + " is " + std::to_string(batch) + ", but the data set has only " + std::to_string(images) +
                  " training images",
              "Use a smaller batch or more images.");
}

void check_content(const StudyDefinition& study, const std::optional<DatasetContent>& content) {
  if (study.dataset.kind == DatasetKind::procedural) return;
  if (!content)
    throw Error(ErrorCode::invalid_argument,
                "the data set " + study.dataset.path + " has not been read yet, its content is unknown",
                "Submit with the data set's path and hash, as `checkerlab run` does.");
  if (!is_sha256_hex(content->content_sha256))
    throw Error(ErrorCode::invalid_argument, "the data set's content_sha256 is not 64 lower-case hex digits");
  if (content->images == 0) return;
  std::int64_t images = content->images;
  if (study.dataset.limit_per_class > 0)
    images = std::min(images, study.dataset.limit_per_class * study.dataset.classes);
  check_batch("tokenizer.batch", study.tokenizer.batch, images);
  check_batch("metric_network.batch", study.metric_network.batch, images);
  check_batch("model.train.batch", study.model.train.batch, images);
}

StudySize size_of(const StudyDefinition& study) {
  std::int64_t points = 1;
  for (const std::size_t count : {study.sweep.ratios.size(), study.sweep.steps_per_scale.size(),
                                  study.sweep.guidance.size(), study.evaluation.seeds.size()})
    points *= static_cast<std::int64_t>(count);
  return {points, shards_of(study.evaluation)};
}

}  // namespace

Plan plan_study(const StudyDefinition& study, const std::optional<DatasetContent>& content) {
  if (const auto problem = too_large(size_of(study))) throw Error(ErrorCode::too_large, *problem, kTooLargeFix);
  check_content(study, content);
  return Planner(study, content).run();
}

Job noop_job(std::int64_t index, const std::string& mode, std::int64_t steps) {
  return make_job("noop", {}, {{"index", index}, {"mode", mode}, {"steps", steps}}, nlohmann::json::object(),
                  "noop " + std::to_string(index));
}

PlanSummary summarize(const Plan& plan) {
  PlanSummary summary;
  for (const Job& job : plan.jobs)
    ++summary.jobs_by_kind[job.kind];
  summary.jobs = static_cast<std::int64_t>(plan.jobs.size());
  summary.points = static_cast<std::int64_t>(plan.points.size());
  summary.models = static_cast<std::int64_t>(plan.sample_grids.size());
  for (const Point& point : plan.points)
    summary.images += point.samples;
  return summary;
}

}  // namespace checkerlab::sweeps
