#include "sweeps/plan.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "sweeps/job_specs.hpp"
#include "sweeps/placement.hpp"
#include "sweeps/pyramid.hpp"
#include "sweeps/search/grid.hpp"
#include "sweeps/study_size.hpp"

namespace checkerlab::sweeps {
namespace {

std::int64_t shards_of(const EvaluationDefinition& evaluation) {
  return (evaluation.samples + evaluation.shard_size - 1) / evaluation.shard_size;
}

// One model of a study.
struct Variant {
  Ratio ratio;
  ModelDefinition model;
  std::string name;  // the ratio's text, with what tells models of one ratio apart
};

std::vector<Variant> variants_of(const StudyDefinition& study) {
  std::vector<int> mixing = study.sweep.mixing_layers;
  if (mixing.empty()) mixing.push_back(study.model.mixing_layers);
  std::vector<Variant> variants;
  for (const Ratio& ratio : study.sweep.ratios) {
    for (const int layers : mixing) {
      variants.push_back({ratio, study.model, ratio.text});
      variants.back().model.mixing_layers = layers;
      if (mixing.size() > 1) variants.back().name += ", mixing in " + std::to_string(layers) + " layers";
    }
  }
  return variants;
}

class Planner {
 public:
  Planner(const StudyDefinition& study, const std::optional<DatasetContent>& content,
          const std::vector<GivenFile>& files)
      : study_(study), content_(content), files_(files) {}

  Plan run() {
    if (needs_dataset()) dataset_ = add(import_job(study_, content_));
    tokenizer_ = study_.tokenizer.file.empty() ? add(tokenizer_job(study_, dataset_))
                                               : add(import_file_job(file("tokenizer.file"), "tokenizer"));
    if (study_.tokenizer.retrain_codebook) tokenizer_ = add(codebook_job(study_, dataset_, tokenizer_));
    if (study_.sweep.has_points()) add_measures_of_points();
    for (const Variant& variant : variants_of(study_))
      add_variant(variant);
    return std::move(plan_);
  }

 private:
  const GivenFile& file(const std::string& place) const { return given_file(files_, place); }

  bool needs_dataset() const {
    const bool points = study_.sweep.has_points();
    return study_.tokenizer.file.empty() || study_.tokenizer.retrain_codebook || study_.dataset.crops != "ten" ||
           (points && (!study_.evaluation.network || study_.evaluation.reference_file.empty()));
  }

  // Adds a job unless its key is there already; gives the key.
  JobKey add(Job job) {
    JobKey key = job.key;
    const nlohmann::json hint = placement_hint(study_.scheduling.placement_of(job.kind));
    if (!hint.is_null()) job.hints["placement"] = hint;
    if (known_.insert(key).second) plan_.jobs.push_back(std::move(job));
    return key;
  }

  void add_measures_of_points() {
    const auto& evaluation = study_.evaluation;
    network_ = !evaluation.network
                   ? add(network_job(study_, dataset_))
                   : add(import_file_job(
                         file(evaluation.network->name.empty() ? "evaluation.network.file" : "evaluation.network.name"),
                         "network"));
    reference_ = evaluation.reference_file.empty()
                     ? add(reference_job(study_, dataset_, network_))
                     : add(file_reference_job(study_, file("evaluation.reference.file"), network_));
  }

  JobKey add_tokens(int size) {
    if (study_.dataset.crops == "ten") return add(crops_job(study_, content_.value(), size, tokenizer_));
    return add(tokens_job(size, dataset_, tokenizer_));
  }

  std::vector<Input> add_all_tokens(const std::vector<int>& sizes) {
    std::vector<Input> tokens;
    for (const int size : sizes)
      tokens.push_back({tokens_role(size), add_tokens(size)});
    return tokens;
  }

  ModelTask task_of(const Ratio& ratio) const { return {ratio, study_.grid(), study_.dataset.classes, study_.seed}; }

  // The place of the file that is this model, if there is one.
  std::optional<std::string> given_place(const Ratio& ratio, int mixing_layers) const {
    for (std::size_t i = 0; i < study_.model.given.size(); ++i) {
      const GivenModel& given = study_.model.given[i];
      if (given.ratio.text == ratio.text && given.mixing_layers.value_or(mixing_layers) == mixing_layers)
        return "model.given." + std::to_string(i) + ".file";
    }
    return std::nullopt;
  }

  // A model that is given, or else trained.
  JobKey add_model(const ModelDefinition& model, const Ratio& ratio, const std::string& name) {
    const ModelTask task = task_of(ratio);
    if (const auto place = given_place(ratio, model.mixing_layers))
      return add(given_model_job(file(*place), task, tokenizer_, name));
    std::vector<Input> inputs = add_all_tokens(scale_sizes(task.grid, ratio));
    if (model.start) inputs.push_back({"start", add_start(*model.start)});
    return add(model_job(model, task, tokenizer_, std::move(inputs), name));
  }

  JobKey add_start(const ModelStart& start) {
    if (start.file.empty()) return add_model(start.model, start.ratio, start.ratio.text);
    return add(import_file_job(file("model.start.file"), "start"));
  }

  void add_variant(const Variant& variant) {
    const std::vector<int> sizes = scale_sizes(study_.grid(), variant.ratio);
    ModelInputs inputs{tokenizer_, network_, add_model(variant.model, variant.ratio, variant.name), variant.name};
    plan_.sample_grids.push_back({add(sample_grid_job(study_, inputs, sizes)), inputs.model, variant.name});
    add_measurements(variant, inputs, sizes);
    if (!study_.sweep.has_points()) return;
    for (const int steps : study_.sweep.steps_per_scale)
      add_steps(variant.ratio, sizes, inputs, steps);
  }

  void add_measurements(const Variant& variant, const ModelInputs& inputs, const std::vector<int>& sizes) {
    if (!study_.sweep.mixing_layers.empty() && variant.model.mixing_layers > 0) add(mixing_job(inputs));
    const auto each = [&](const auto& settings, const auto& make) {
      for (const int steps : settings.steps_per_scale) {
        for (const double guidance : settings.guidance)
          make(Sampling{canonical_steps(sizes, steps), guidance, study_.seed});
      }
    };
    if (study_.latency) {
      each(*study_.latency, [&](const Sampling& sampling) {
        for (const int batch : study_.latency->batches)
          add(latency_job(study_, inputs, sampling, batch));
      });
    }
    if (study_.entropy)
      each(*study_.entropy, [&](const Sampling& sampling) { add(entropy_job(study_, inputs, sampling)); });
  }

  void add_steps(const Ratio& ratio, const std::vector<int>& sizes, const ModelInputs& inputs, int steps) {
    for (const double guidance : study_.sweep.guidance) {
      for (const std::int64_t seed : study_.evaluation.seeds) {
        const JobKey score = add_point(inputs, {canonical_steps(sizes, steps), guidance, seed});
        if (!scores_.insert(score).second) continue;  // another number of steps with the same blocks
        plan_.points.push_back({score, inputs.model, inputs.ratio, ratio.value, sizes, steps, total_steps(sizes, steps),
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
  const std::vector<GivenFile>& files_;
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
  for (const std::size_t count :
       {study.sweep.ratios.size(), std::max<std::size_t>(1, study.sweep.mixing_layers.size()),
        study.sweep.steps_per_scale.size(), study.sweep.guidance.size(), study.evaluation.seeds.size()})
    points *= static_cast<std::int64_t>(count);
  if (is_searching(study)) points *= 2;  // a screen, and the value with all images
  return {points, shards_of(study.evaluation)};
}

}  // namespace

Plan plan_study(const StudyDefinition& study, const std::optional<DatasetContent>& content,
                const std::vector<GivenFile>& files) {
  if (const auto problem = too_large(size_of(study))) throw Error(ErrorCode::too_large, *problem, kTooLargeFix);
  check_content(study, content);
  if (!is_searching(study)) return Planner(study, content, files).run();
  const StudyDefinition screens = first_screens(study);
  Plan plan = Planner(screens, content, files).run();
  std::swap(plan.points, plan.screens);
  return plan;
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
  summary.screens = static_cast<std::int64_t>(plan.screens.size());
  for (const auto* points : {&plan.points, &plan.screens}) {
    for (const Point& point : *points)
      summary.images += point.samples;
  }
  return summary;
}

}  // namespace checkerlab::sweeps
