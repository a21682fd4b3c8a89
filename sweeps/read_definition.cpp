#include "sweeps/read_definition.hpp"

#include "sweeps/placement.hpp"
#include "sweeps/preset.hpp"
#include "sweeps/pyramid.hpp"
#include "sweeps/search/grid.hpp"

namespace checkerlab::sweeps {
namespace {

using Json = nlohmann::json;

template <typename Value>
void read(const Json& json, const char* name, Value& value) {
  json.at(name).get_to(value);
}

// Leaves the default where the key is not there.
template <typename Value>
void read_where_given(const Json& json, const char* name, Value& value) {
  if (json.contains(name)) json.at(name).get_to(value);
}

DatasetDefinition read_dataset(const Json& json) {
  DatasetDefinition dataset;
  dataset.kind = json.at("kind") == "files" ? DatasetKind::files : DatasetKind::procedural;
  read(json, "classes", dataset.classes);
  read(json, "size", dataset.size);
  if (dataset.kind == DatasetKind::procedural) {
    read(json, "train_images", dataset.train_images);
    read(json, "test_images", dataset.test_images);
  } else {
    read(json, "path", dataset.path);
    read(json, "max_corrupt", dataset.max_corrupt);
    read(json, "limit_per_class", dataset.limit_per_class);
    read_where_given(json, "images", dataset.images);
    read_where_given(json, "crops", dataset.crops);
  }
  return dataset;
}

RetrainCodebookDefinition read_retrain_codebook(const Json& json) {
  RetrainCodebookDefinition retrain;
  read(json, "steps", retrain.steps);
  read(json, "batch", retrain.batch);
  read(json, "lr", retrain.lr);
  read_where_given(json, "gather_steps", retrain.gather_steps);
  read_where_given(json, "redraw_every", retrain.redraw_every);
  read_where_given(json, "mode", retrain.mode);
  return retrain;
}

TokenizerDefinition read_tokenizer(const Json& json) {
  TokenizerDefinition tokenizer;
  read(json, "stride", tokenizer.stride);
  if (json.contains("retrain_codebook"))
    tokenizer.retrain_codebook = read_retrain_codebook(json.at("retrain_codebook"));
  read_where_given(json, "file", tokenizer.file);
  if (!tokenizer.file.empty()) return tokenizer;
  read(json, "channels", tokenizer.channels);
  read(json, "multipliers", tokenizer.multipliers);
  read(json, "res_blocks", tokenizer.res_blocks);
  read(json, "z_channels", tokenizer.z_channels);
  read(json, "attention", tokenizer.attention);
  read(json, "codes", tokenizer.codes);
  read(json, "code_dim", tokenizer.code_dim);
  read(json, "steps", tokenizer.steps);
  read(json, "batch", tokenizer.batch);
  read(json, "lr", tokenizer.lr);
  return tokenizer;
}

MetricNetworkDefinition read_metric_network(const Json& json) {
  MetricNetworkDefinition network;
  read(json, "channels", network.channels);
  read(json, "feature_width", network.feature_width);
  read(json, "steps", network.steps);
  read(json, "batch", network.batch);
  read(json, "lr", network.lr);
  return network;
}

template <typename Value>
void read_if_given(const Json& json, const char* name, std::optional<Value>& value) {
  if (json.contains(name)) value = json.at(name).get<Value>();
}

// A moment given by `step` or by `epoch`.
template <typename Moment>
void read_moment(const Json& json, Moment& moment) {
  moment.step = json.value("step", std::int64_t{0});
  read_if_given(json, "epoch", moment.epoch);
}

TrainDefinition read_train(const Json& json) {
  TrainDefinition train;
  train.steps = json.value("steps", std::int64_t{0});
  read_if_given(json, "epochs", train.epochs);
  read(json, "batch", train.batch);
  read(json, "lr", train.lr);
  train.warmup_steps = json.value("warmup_steps", std::int64_t{0});
  read_if_given(json, "warmup_epochs", train.warmup_epochs);
  for (const Json& drop : json.at("drops")) {
    read_moment(drop, train.drops.emplace_back());
    read(drop, "factor", train.drops.back().factor);
  }
  for (const Json& change : json.value("accumulation", Json::array())) {
    read_moment(change, train.accumulation.emplace_back());
    read(change, "batches", train.accumulation.back().batches);
  }
  read(json, "weight_decay", train.weight_decay);
  read(json, "label_dropout", train.label_dropout);
  read(json, "source_replacement", train.source_replacement);
  read(json, "precision", train.precision);
  read_if_given(json, "ema_decay", train.ema_decay);
  read_if_given(json, "gradient_clip", train.gradient_clip);
  read_if_given(json, "skip_limit", train.skip_limit);
  return train;
}

}  // namespace

Ratio read_ratio(const nlohmann::json& json) {
  return json.is_string() ? ratio_named(json.get<std::string>()) : ratio_of(json);
}

namespace {

std::vector<GivenModel> read_given(const Json& list) {
  std::vector<GivenModel> given;
  for (const Json& one : list) {
    given.push_back({read_ratio(one.at("ratio")), std::nullopt, one.at("file")});
    read_if_given(one, "mixing_layers", given.back().mixing_layers);
  }
  return given;
}

std::shared_ptr<const ModelStart> read_start(const Json& json) {
  auto start = std::make_shared<ModelStart>();
  read_where_given(json, "file", start->file);
  if (!start->file.empty()) return start;
  const Json values = preset(json.at("preset"));
  start->ratio = read_ratio(values.at("ratio"));
  start->model = read_model(values.at("model"));
  return start;
}

}  // namespace

ModelDefinition read_model(const nlohmann::json& json) {
  ModelDefinition model;
  read(json, "layers", model.layers);
  read(json, "width", model.width);
  read(json, "heads", model.heads);
  read(json, "hidden", model.hidden);
  read(json, "mixing_layers", model.mixing_layers);
  model.head_mlp = json.value("head_mlp", false);
  model.train = read_train(json.at("train"));
  model.given = read_given(json.value("given", Json::array()));
  if (json.contains("start")) model.start = read_start(json.at("start"));
  return model;
}

namespace {

GuidanceSearch read_search(const Json& json) {
  GuidanceSearch search;
  read(json, "from", search.from);
  read(json, "to", search.to);
  read(json, "step", search.step);
  read(json, "screen_samples", search.screen_samples);
  read_where_given(json, "within", search.within);
  search.full = json.value("mode", "adaptive") == "full";
  return search;
}

SweepDefinition read_sweep(const Json& json) {
  SweepDefinition sweep;
  for (const Json& ratio : json.at("ratios"))
    sweep.ratios.push_back(read_ratio(ratio));
  read(json, "steps_per_scale", sweep.steps_per_scale);
  if (json.at("guidance").is_object()) {
    sweep.search = read_search(json.at("guidance").at("search"));
    sweep.guidance = search_grid(sweep.search->from, sweep.search->to, sweep.search->step);
  } else {
    read(json, "guidance", sweep.guidance);
  }
  read_where_given(json, "mixing_layers", sweep.mixing_layers);
  return sweep;
}

EvaluationDefinition read_evaluation(const Json& json) {
  EvaluationDefinition evaluation;
  read(json, "samples", evaluation.samples);
  read(json, "shard_size", evaluation.shard_size);
  read(json, "guidance_start_step", evaluation.guidance_start_step);
  read(json, "temperature", evaluation.temperature);
  read(json, "seeds", evaluation.seeds);
  read(json, "precision", evaluation.precision);
  const Json& reference = json.at("reference");
  if (reference.is_string())
    evaluation.reference = reference;
  else
    evaluation.reference_file = reference.at("file");
  if (json.contains("network"))
    evaluation.network = {json.at("network").value("name", ""), json.at("network").value("file", "")};
  read(json, "metrics", evaluation.metrics);
  evaluation.ema = json.value("ema", false);
  if (json.contains("batch")) evaluation.batch = json.at("batch").get<int>();
  return evaluation;
}

LatencyDefinition read_latency(const Json& json) {
  LatencyDefinition latency;
  read(json, "steps_per_scale", latency.steps_per_scale);
  read(json, "guidance", latency.guidance);
  read(json, "batches", latency.batches);
  read(json, "warmup", latency.warmup);
  read(json, "repeats", latency.repeats);
  return latency;
}

EntropyDefinition read_entropy(const Json& json) {
  EntropyDefinition entropy;
  read(json, "steps_per_scale", entropy.steps_per_scale);
  read(json, "guidance", entropy.guidance);
  read(json, "samples", entropy.samples);
  read(json, "shown", entropy.shown);
  return entropy;
}

}  // namespace

StudyDefinition read_definition(const nlohmann::json& json) {
  StudyDefinition study;
  read(json, "name", study.name);
  read(json, "title", study.title);
  read_where_given(json, "code", study.code);
  read(json, "seed", study.seed);
  study.dataset = read_dataset(json.at("dataset"));
  study.tokenizer = read_tokenizer(json.at("tokenizer"));
  if (json.contains("metric_network")) study.metric_network = read_metric_network(json.at("metric_network"));
  study.model = read_model(json.at("model"));
  study.sweep = read_sweep(json.at("sweep"));
  study.evaluation = read_evaluation(json.at("evaluation"));
  const Json& samples = json.at("samples");
  read(samples, "per_class", study.samples.per_class);
  read_where_given(samples, "classes", study.samples.classes);
  read(samples, "steps_per_scale", study.samples.steps_per_scale);
  read(samples, "guidance", study.samples.guidance);
  if (json.contains("measure_latency")) study.latency = read_latency(json.at("measure_latency"));
  if (json.contains("measure_entropy")) study.entropy = read_entropy(json.at("measure_entropy"));
  study.scheduling = read_scheduling(json);
  return study;
}

}  // namespace checkerlab::sweeps
