#include "tests/simulation/world/catalogue.hpp"

#include <cstdlib>

#include "base/canonical_json.hpp"
#include "coordinator/service/testing/small_study.hpp"
#include "sweeps/parse.hpp"
#include "sweeps/search/subject.hpp"
#include "tests/simulation/random.hpp"

namespace checkerlab::simulation {
namespace {

using coordinator::Json;
using coordinator::StudySubmission;
using coordinator::testing::make_job;

constexpr const char* kSearch = R"(schema: 1
name: search
title: A search for guidance
seed: 0
dataset: {kind: procedural, classes: 2, train_images: 256, test_images: 64, size: 8}
tokenizer: {stride: 2, channels: 32, multipliers: [1, 1], res_blocks: 1, z_channels: 32, attention: false, codes: 32, code_dim: 8, steps: 40, batch: 16, lr: 1e-3}
metric_network: {channels: [16, 32], feature_width: 32, steps: 40, batch: 32, lr: 1e-3}
model:
  layers: 2
  width: 32
  heads: 2
  hidden: 256
  mixing_layers: 2
  train: {steps: 60, batch: 16, lr: 1e-3, warmup_steps: 5, drops: [], weight_decay: 0.01, label_dropout: 0.1, source_replacement: 0.1, precision: fp32}
sweep:
  ratios: [2]
  steps_per_scale: [1]
  guidance: {search: {from: 0, to: 0.8, step: 0.1, screen_samples: 20}}
evaluation: {samples: 40, shard_size: 20, guidance_start_step: 0, temperature: 1, seeds: [0], precision: fp32, reference: train, metrics: [fid, is]}
samples: {per_class: 2, steps_per_scale: 1, guidance: 0.5}
)";

// Several workers do it together.
void together(sweeps::Job& job, int least, int most) {
  job.hints["placement"] = {{"ranks", {{"min", least}, {"max", most}}}};
}

StudySubmission named(const std::string& name) {
  StudySubmission study;
  study.name = name;
  study.title = "Simulated";
  study.definition = "schema: 1";
  study.filename = name + ".yaml";
  return study;
}

// Every model with every guidance. Models and values that two studies share are shared jobs.
StudySubmission grid(const std::string& name, std::uint32_t models, std::uint32_t values) {
  StudySubmission study = named(name);
  auto& jobs = study.plan.jobs;
  jobs.push_back(make_job("train_metric_network", {{"seed", 0}}));
  jobs.push_back(make_job("reference_statistics", {{"split", "train"}}, {{"network", jobs[0].key}}));
  for (std::uint32_t model = 0; models >> model != 0; ++model) {
    if ((models >> model & 1) == 0) continue;
    jobs.push_back(make_job("train_model", {{"model", model}}));
    if (model > 0) together(jobs.back(), 1, 2);
    const JobKey trained = jobs.back().key;
    for (std::uint32_t value = 0; values >> value != 0; ++value) {
      if ((values >> value & 1) == 0) continue;
      jobs.push_back(make_job("evaluate_shard", {{"guidance", value}, {"seed", 3}, {"precision", "fp32"}},
                              {{"model", trained}, {"network", jobs[0].key}}));
      jobs.push_back(make_job("score_point", {{"samples", 100}},
                              {{"network", jobs[0].key}, {"reference", jobs[1].key}, {"shard.0000", jobs.back().key}}));
      study.plan.points.push_back(
          {jobs.back().key, trained, "2", 2.0, {1, 2, 4}, 2, 6, static_cast<double>(value), 0, 3, 100});
    }
  }
  return study;
}

StudySubmission nothings(const std::string& name, std::int64_t first, std::int64_t count) {
  StudySubmission study = named(name);
  for (std::int64_t i = 0; i < count; ++i) {
    study.plan.jobs.push_back(sweeps::noop_job(first + i, "ok", 0));
    if ((first + i) % 2 == 1) together(study.plan.jobs.back(), 2, 3);
  }
  return study;
}

const StudySubmission& search() {
  static const StudySubmission study = [] {
    StudySubmission made = named("search");
    made.definition = kSearch;
    made.plan = sweeps::plan_study(sweeps::parse_study(kSearch, "search.yaml", {}));
    made.search = sweeps::search_document(kSearch, "search.yaml", {}, std::nullopt, {});
    return made;
  }();
  return study;
}

double guidance_of(const rpc::Assignment& job) {
  const std::string label = job.hints.value("label", "");
  const auto place = label.find("guidance ");
  return place == std::string::npos ? 0 : std::strtod(label.c_str() + place + 9, nullptr);
}

rpc::JobResult measured(const rpc::Assignment& job) {
  const std::string kind = job.spec.at("kind");
  if (kind == "noop") return {{{"index", 1.0}}, {}, {}};
  if (kind == "score_point") {
    const double n = job.spec.at("params").value("samples", 100.0);
    const double distance = guidance_of(job) - 0.4;
    rpc::JobResult result = coordinator::testing::result_for(job, 6 + 4 * distance * distance + 20 / n);
    result.metrics["fid_uncertainty"] = 0.02;
    result.metrics["n"] = n;
    return result;
  }
  if (kind == "train_metric_network" || kind == "reference_statistics") return coordinator::testing::result_for(job);
  return {{{"n", 1.0}}, {{"out", content_key({{"of", job.attempt.key.str()}}), 10}}, {}};
}

constexpr std::uint64_t kSearchesOneOf = 6;

}  // namespace

std::vector<StudySubmission> make_studies(std::uint64_t seed) {
  Random random(seed * 2);
  std::vector<StudySubmission> studies;
  studies.push_back(grid("first", 1 + random.pick(3), 1 + random.pick(3)));
  studies.push_back(nothings("nothing", 0, 1 + random.pick(5)));
  studies.push_back(grid("second", 1 + random.pick(3), 1 + random.pick(7)));
  studies.push_back(nothings("more", random.pick(3), 2 + random.pick(3)));
  if (seed % kSearchesOneOf == 0) studies.push_back(search());
  return studies;
}

StudySubmission make_variant(const StudySubmission& study, std::uint32_t number) {
  if (!study.search.is_null()) return study;
  const bool points = !study.plan.points.empty();
  StudySubmission variant = points ? grid(study.name, 1 + number % 3, 1 + number / 3 % 7)
                                   : nothings(study.name, number % 4, 1 + number / 4 % 5);
  variant.definition += "\ntitle: variant " + std::to_string(number % 32);
  return variant;
}

const std::vector<std::string>& all_kinds() {
  static const std::vector<std::string> kinds{"noop",
                                              "import_dataset",
                                              "train_tokenizer",
                                              "tokenize_dataset",
                                              "train_metric_network",
                                              "reference_statistics",
                                              "train_model",
                                              "sample_grid",
                                              "evaluate_shard",
                                              "score_point"};
  return kinds;
}

rpc::JobResult honest_result(const rpc::Assignment& job) {
  rpc::JobResult result = measured(job);
  result.metrics["attempt"] = value_of(job.attempt.attempt);
  return result;
}

}  // namespace checkerlab::simulation
