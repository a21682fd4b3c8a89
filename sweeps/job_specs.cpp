#include "sweeps/job_specs.hpp"

#include <algorithm>
#include <utility>

#include "base/canonical_json.hpp"
#include "sweeps/pyramid.hpp"

namespace checkerlab::sweeps {
namespace {

using Json = nlohmann::json;

// Raised for a kind when its results would come out differently for the same spec.
constexpr int kRecipe = 1;
// Samples of a block of the inception score, as the published evaluators cut them.
constexpr int kInceptionBlock = 5000;

std::string padded(std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  return std::string(digits.size() < width ? width - digits.size() : 0, '0') + digits;
}

std::string number_text(double value) {
  return canonical_json(value);
}

// A moment as the definition has it, and what happens then.
template <typename Moment>
Json moment_json(const Moment& moment, const char* name, const Json& value) {
  Json entry{{name, value}};
  if (moment.epoch)
    entry["epoch"] = *moment.epoch;
  else
    entry["step"] = moment.step;
  return entry;
}

Json drops_json(const std::vector<LearningRateDrop>& drops) {
  Json list = Json::array();
  for (const LearningRateDrop& drop : drops)
    list.push_back(moment_json(drop, "factor", drop.factor));
  return list;
}

Json accumulation_json(const std::vector<Accumulation>& changes) {
  Json list = Json::array();
  for (const Accumulation& change : changes)
    list.push_back(moment_json(change, "batches", change.batches));
  return list;
}

// Settings that came later are in the params only where they are set, so that jobs without them keep their keys.
void add_optional_settings(Json& params, const TrainDefinition& train) {
  if (!train.accumulation.empty()) params["accumulation"] = accumulation_json(train.accumulation);
  if (train.ema_decay) params["ema_decay"] = *train.ema_decay;
  if (train.gradient_clip) params["gradient_clip"] = *train.gradient_clip;
  if (train.skip_limit) params["skip_limit"] = *train.skip_limit;
}

std::string ratio_label(const std::string& ratio) {
  return ratio == "single" ? "single scale" : "ratio " + ratio;
}

std::string point_label(const ModelInputs& inputs, const Sampling& sampling) {
  std::string label = ratio_label(inputs.ratio) + ", " + std::to_string(sampling.steps_per_scale) +
                      " steps per scale, guidance " + number_text(sampling.guidance);
  return sampling.seed == 0 ? label : label + ", seed " + std::to_string(sampling.seed);
}

}  // namespace

int start_step(const StudyDefinition& study, double guidance) {
  return guidance == 0 ? 0 : study.evaluation.guidance_start_step;
}

std::string tokens_role(int size) {
  return "tokens." + padded(size, 3);
}

std::string shard_role(std::int64_t index) {
  return "shard." + padded(index, 4);
}

Job make_job(const std::string& kind, std::vector<Input> inputs, nlohmann::json params, nlohmann::json hints,
             std::string label) {
  std::ranges::sort(inputs, {}, &Input::role);
  Json roles = Json::object();
  for (const Input& input : inputs)
    roles[input.role] = input.key.str();
  Json spec{{"kind", kind}, {"recipe", kRecipe}, {"inputs", std::move(roles)}, {"params", std::move(params)}};
  hints["label"] = label;
  JobKey key(content_key(spec));
  return {std::move(key), kind, std::move(spec), std::move(hints), std::move(label), std::move(inputs)};
}

Job import_job(const StudyDefinition& study, const std::optional<DatasetContent>& content) {
  const DatasetDefinition& dataset = study.dataset;
  if (dataset.kind == DatasetKind::procedural) {
    const Json params{{"source", "procedural"},
                      {"generator", "shapes"},
                      {"classes", dataset.classes},
                      {"images_train", dataset.train_images},
                      {"images_test", dataset.test_images},
                      {"size", dataset.size},
                      {"seed", study.seed}};
    return make_job("import_dataset", {}, params, Json::object(), "shapes, " + std::to_string(dataset.size) + " px");
  }
  const Json params{{"source", "files"},
                    {"content_sha256", content.value().content_sha256},
                    {"size", dataset.size},
                    {"max_corrupt", dataset.max_corrupt},
                    {"limit_per_class", dataset.limit_per_class}};
  return make_job("import_dataset", {}, params, {{"path", content->path}},
                  "images, " + std::to_string(dataset.size) + " px");
}

Job tokenizer_job(const StudyDefinition& study, const JobKey& dataset) {
  const TokenizerDefinition& tokenizer = study.tokenizer;
  const Json params{{"stride", tokenizer.stride},
                    {"channels", tokenizer.channels},
                    {"multipliers", tokenizer.multipliers},
                    {"res_blocks", tokenizer.res_blocks},
                    {"z_channels", tokenizer.z_channels},
                    {"attention", tokenizer.attention},
                    {"codes", tokenizer.codes},
                    {"code_dim", tokenizer.code_dim},
                    {"sizes", tokenizer_sizes(study.grid())},
                    {"steps", tokenizer.steps},
                    {"batch", tokenizer.batch},
                    {"lr", tokenizer.lr},
                    {"seed", study.seed}};
  return make_job("train_tokenizer", {{"dataset", dataset}}, params, Json::object(), "tokenizer");
}

Job codebook_job(const StudyDefinition& study, const JobKey& dataset, const JobKey& tokenizer) {
  const RetrainCodebookDefinition& retrain = study.tokenizer.retrain_codebook.value();
  const Json params{{"sizes", tokenizer_sizes(study.grid())},
                    {"steps", retrain.steps},
                    {"gather_steps", retrain.gather_steps},
                    {"redraw_every", retrain.redraw_every},
                    {"batch", retrain.batch},
                    {"lr", retrain.lr},
                    {"mode", retrain.mode},
                    {"seed", study.seed}};
  return make_job("retrain_codebook", {{"dataset", dataset}, {"tokenizer", tokenizer}}, params, Json::object(),
                  "codebook");
}

Job tokens_job(int size, const JobKey& dataset, const JobKey& tokenizer) {
  return make_job("tokenize_dataset", {{"dataset", dataset}, {"tokenizer", tokenizer}},
                  {{"size", size}, {"crops", "flip"}}, Json::object(),
                  "tokens " + std::to_string(size) + "×" + std::to_string(size));
}

Job crops_job(const StudyDefinition& study, const DatasetContent& content, int size, const JobKey& tokenizer) {
  const Json params{{"size", size},
                    {"crops", study.dataset.crops},
                    {"content_sha256", content.content_sha256},
                    {"image_size", study.dataset.size},
                    {"max_corrupt", study.dataset.max_corrupt}};
  return make_job("tokenize_dataset", {{"tokenizer", tokenizer}}, params, {{"path", content.path}},
                  "tokens " + std::to_string(size) + "×" + std::to_string(size) + ", ten crops");
}

Job network_job(const StudyDefinition& study, const JobKey& dataset) {
  const MetricNetworkDefinition& network = study.metric_network;
  const Json params{{"channels", network.channels},
                    {"feature_width", network.feature_width},
                    {"steps", network.steps},
                    {"batch", network.batch},
                    {"lr", network.lr},
                    {"seed", study.seed}};
  return make_job("train_metric_network", {{"dataset", dataset}}, params, Json::object(), "metric network");
}

namespace {

bool wants(const StudyDefinition& study, std::initializer_list<const char*> metrics) {
  return std::ranges::any_of(metrics, [&](const char* metric) {
    return std::ranges::find(study.evaluation.metrics, metric) != study.evaluation.metrics.end();
  });
}

// What metrics that came later need beside the moments of the pooled features.
void add_reference_needs(const StudyDefinition& study, Json& params) {
  if (wants(study, {"kid", "pr", "dc"})) params["features"] = true;
  if (wants(study, {"sfid"})) params["spatial"] = true;
}

// How whatever samples from a model does it.
Json sampling_params(const StudyDefinition& study, const Sampling& sampling) {
  const EvaluationDefinition& evaluation = study.evaluation;
  Json params{{"steps_per_scale", sampling.steps_per_scale},
              {"guidance", sampling.guidance},
              {"guidance_start_step", start_step(study, sampling.guidance)},
              {"temperature", evaluation.temperature},
              {"seed", sampling.seed},
              {"precision", evaluation.precision}};
  if (evaluation.ema) params["ema"] = true;
  return params;
}

}  // namespace

Job reference_job(const StudyDefinition& study, const JobKey& dataset, const JobKey& network) {
  Json params{{"split", study.evaluation.reference}};
  add_reference_needs(study, params);
  return make_job("reference_statistics", {{"dataset", dataset}, {"network", network}}, std::move(params),
                  Json::object(), "reference, " + study.evaluation.reference + " images");
}

Job file_reference_job(const StudyDefinition& study, const GivenFile& file, const JobKey& network) {
  Json params{{"sha256", file.sha256}};
  add_reference_needs(study, params);
  return make_job("reference_statistics", {{"network", network}}, std::move(params), {{"path", file.path}},
                  "reference, file");
}

Job import_file_job(const GivenFile& file, const std::string& as) {
  return make_job("import_file", {}, {{"as", as}, {"sha256", file.sha256}}, {{"path", file.path}}, as + ", file");
}

Job given_model_job(const GivenFile& file, const ModelTask& task, const JobKey& tokenizer, const std::string& name) {
  const Json params{{"as", "model"},
                    {"sha256", file.sha256},
                    {"ratio", task.ratio.text},
                    {"sizes", scale_sizes(task.grid, task.ratio)},
                    {"classes", task.classes}};
  return make_job("import_file", {{"tokenizer", tokenizer}}, params, {{"path", file.path}},
                  "model, file, " + ratio_label(name));
}

nlohmann::json model_params(const ModelDefinition& model, const ModelTask& task) {
  const TrainDefinition& train = model.train;
  Json params{{"ratio", task.ratio.text},
              {"sizes", scale_sizes(task.grid, task.ratio)},
              {"classes", task.classes},
              {"layers", model.layers},
              {"width", model.width},
              {"heads", model.heads},
              {"hidden", model.hidden},
              {"mixing_layers", model.mixing_layers},
              {"batch", train.batch},
              {"lr", train.lr},
              {"drops", drops_json(train.drops)},
              {"weight_decay", train.weight_decay},
              {"label_dropout", train.label_dropout},
              {"source_replacement", train.source_replacement},
              {"seed", task.seed},
              {"precision", train.precision}};
  if (train.epochs)
    params["epochs"] = *train.epochs;
  else
    params["steps"] = train.steps;
  if (train.warmup_epochs)
    params["warmup_epochs"] = *train.warmup_epochs;
  else
    params["warmup_steps"] = train.warmup_steps;
  add_optional_settings(params, train);
  if (model.head_mlp) params["head_mlp"] = true;
  return params;
}

Job model_job(const ModelDefinition& model, const ModelTask& task, const JobKey& tokenizer, std::vector<Input> inputs,
              const std::string& name) {
  inputs.push_back({"tokenizer", tokenizer});
  return make_job("train_model", std::move(inputs), model_params(model, task), Json::object(),
                  "model, " + ratio_label(name));
}

Job shard_job(const StudyDefinition& study, const ModelInputs& inputs, const Sampling& sampling, std::int64_t begin,
              std::int64_t end) {
  const EvaluationDefinition& evaluation = study.evaluation;
  Json params = sampling_params(study, sampling);
  params["begin"] = begin;
  params["end"] = end;
  if (wants(study, {"sfid"})) params["spatial"] = true;
  Json hints = Json::object();
  if (evaluation.batch) hints["batch"] = *evaluation.batch;
  return make_job("evaluate_shard",
                  {{"tokenizer", inputs.tokenizer}, {"model", inputs.model}, {"network", inputs.network}}, params,
                  std::move(hints),
                  point_label(inputs, sampling) + ", images " + std::to_string(begin) + "–" + std::to_string(end - 1));
}

Job score_job(const StudyDefinition& study, const ModelInputs& inputs, const Sampling& sampling,
              const JobKey& reference, std::vector<Input> shards) {
  shards.push_back({"reference", reference});
  shards.push_back({"network", inputs.network});
  auto metrics = study.evaluation.metrics;
  std::ranges::sort(metrics);
  Json params{{"metrics", metrics}, {"samples", study.evaluation.samples}};
  if (study.evaluation.network) params["is_block"] = kInceptionBlock;
  return make_job("score_point", std::move(shards), std::move(params), Json::object(), point_label(inputs, sampling));
}

Job latency_job(const StudyDefinition& study, const ModelInputs& inputs, const Sampling& sampling, int batch) {
  Json params = sampling_params(study, sampling);
  params.update({{"batch", batch}, {"warmup", study.latency.value().warmup}, {"repeats", study.latency->repeats}});
  return make_job("measure_latency", {{"tokenizer", inputs.tokenizer}, {"model", inputs.model}}, std::move(params),
                  Json::object(), point_label(inputs, sampling) + ", batch " + std::to_string(batch));
}

Job entropy_job(const StudyDefinition& study, const ModelInputs& inputs, const Sampling& sampling) {
  Json params = sampling_params(study, sampling);
  params.update({{"samples", study.entropy.value().samples}, {"shown", study.entropy->shown}});
  Json hints = Json::object();
  if (study.evaluation.batch) hints["batch"] = *study.evaluation.batch;
  return make_job("measure_entropy", {{"tokenizer", inputs.tokenizer}, {"model", inputs.model}}, std::move(params),
                  std::move(hints), point_label(inputs, sampling));
}

Job mixing_job(const ModelInputs& inputs) {
  return make_job("measure_mixing", {{"model", inputs.model}}, Json::object(), Json::object(),
                  "mixing weights, " + ratio_label(inputs.ratio));
}

Job sample_grid_job(const StudyDefinition& study, const ModelInputs& inputs, const std::vector<int>& sizes) {
  const SamplesDefinition& samples = study.samples;
  Json params{{"steps_per_scale", canonical_steps(sizes, samples.steps_per_scale)},
              {"guidance", samples.guidance},
              {"guidance_start_step", start_step(study, samples.guidance)},
              {"per_class", samples.per_class},
              {"seed", study.seed}};
  if (!samples.classes.empty()) params["classes"] = samples.classes;
  if (study.evaluation.ema) params["ema"] = true;
  return make_job("sample_grid", {{"tokenizer", inputs.tokenizer}, {"model", inputs.model}}, params, Json::object(),
                  "samples, " + ratio_label(inputs.ratio));
}

}  // namespace checkerlab::sweeps
