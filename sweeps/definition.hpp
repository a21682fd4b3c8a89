// The study definition as typed values: what a YAML file says, after every check of its form has passed.
// Plain data without behaviour; parse_study() in parse.hpp makes it, expand() and plan_study() read it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace checkerlab::sweeps {

// One entry of sweep.ratios. `text` is the canonical name used in keys and tables: "sqrt2", "2", "1.5" or "single".
struct Ratio {
  std::string text;
  std::optional<double> value;  // no value: the single-scale pyramid

  bool operator==(const Ratio&) const = default;
};

enum class DatasetKind { procedural, files };

struct DatasetDefinition {
  DatasetKind kind = DatasetKind::procedural;
  int classes = 0;
  int size = 0;  // side of the square images in pixels
  // procedural only
  std::int64_t train_images = 0;
  std::int64_t test_images = 0;
  // files only
  std::string path;                  // as written; relative paths are resolved by whoever reads the files
  std::int64_t max_corrupt = 0;      // unreadable images tolerated before the import fails
  std::int64_t limit_per_class = 0;  // 0 = all images
  std::int64_t images = 0;           // training images there are, for estimates; 0 = not said
  std::string crops = "flip";        // | "ten": tokenised straight from the files
};

// A new codebook after the tokenizer's training.
struct RetrainCodebookDefinition {
  std::int64_t steps = 0;
  std::int64_t gather_steps = 1000;
  std::int64_t redraw_every = 1000;
  int batch = 0;
  double lr = 0;
  std::string mode = "described";  // | "released"
};

struct TokenizerDefinition {
  std::string file;  // as written; where it is given, only stride and retrain_codebook are
  int stride = 0;
  int channels = 0;
  std::vector<int> multipliers;
  int res_blocks = 0;
  int z_channels = 0;
  bool attention = false;
  int codes = 0;
  int code_dim = 0;
  std::int64_t steps = 0;
  int batch = 0;
  double lr = 0;
  std::optional<RetrainCodebookDefinition> retrain_codebook;
};

struct MetricNetworkDefinition {
  std::vector<int> channels;
  int feature_width = 0;
  std::int64_t steps = 0;
  int batch = 0;
  double lr = 0;
};

// From step `step` on, or once `epoch` epochs are done, the learning rate is multiplied by `factor`.
struct LearningRateDrop {
  std::int64_t step = 0;
  double factor = 0;
  std::optional<double> epoch;  // instead of `step`
};

// From that moment on the gradients of `batches` batches are averaged into one step.
struct Accumulation {
  std::int64_t step = 0;
  std::int64_t batches = 0;
  std::optional<double> epoch;  // instead of `step`
};

struct TrainDefinition {
  std::int64_t steps = 0;        // 0 = the untrained model, a baseline
  std::optional<double> epochs;  // instead of `steps`
  int batch = 0;
  double lr = 0;
  std::int64_t warmup_steps = 0;
  std::optional<double> warmup_epochs;  // instead of `warmup_steps`
  std::vector<LearningRateDrop> drops;
  std::vector<Accumulation> accumulation;
  double weight_decay = 0;
  double label_dropout = 0;
  double source_replacement = 0;
  std::string precision;  // "fp32" | "bf16" | "fp16"
  // Not in a job's spec where they are not set.
  std::optional<double> ema_decay;
  std::optional<double> gradient_clip;
  std::optional<std::int64_t> skip_limit;
};

// A model that is there already.
struct GivenModel {
  Ratio ratio;
  std::optional<int> mixing_layers;  // of which variant; none: of all
  std::string file;                  // as written
};

struct ModelStart;

struct ModelDefinition {
  int layers = 0;
  int width = 0;
  int heads = 0;
  int hidden = 0;
  int mixing_layers = 0;
  bool head_mlp = false;  // not in a job's spec where it is not set
  TrainDefinition train;
  std::vector<GivenModel> given;
  std::shared_ptr<const ModelStart> start;  // null: fresh weights
};

// Weights that a training starts from: a file, or the model of a preset.
struct ModelStart {
  std::string file;       // as written; empty: the preset
  Ratio ratio;            // preset only
  ModelDefinition model;  // preset only
};

// sweep.guidance as a search over from, from + step, … to (sweeps/search).
struct GuidanceSearch {
  double from = 0;
  double to = 0;
  double step = 0;
  std::int64_t screen_samples = 0;  // images of a screened point, a whole number of shards
  double within = 0.02;             // values whose FID is at most this share above the least are all measured
  bool full = false;                // measure the whole grid instead
};

struct SweepDefinition {
  std::vector<Ratio> ratios;
  std::vector<int> steps_per_scale;  // empty: no points
  std::vector<double> guidance;      // 0 = no guidance; empty: no points; of a search: its whole grid
  std::optional<GuidanceSearch> search;
  std::vector<int> mixing_layers;  // empty: the model's own

  bool has_points() const { return !steps_per_scale.empty() && !guidance.empty(); }
};

// A feature network that is not trained: one of the two.
struct NetworkDefinition {
  std::string name;  // of a file in the folder of networks
  std::string file;  // as written
};

struct EvaluationDefinition {
  std::int64_t samples = 0;     // N of every point
  std::int64_t shard_size = 0;  // samples of one evaluate_shard job; the last shard may be smaller
  int guidance_start_step = 0;
  double temperature = 0;
  std::vector<std::int64_t> seeds;
  std::string precision;  // "fp32" | "bf16"
  std::string reference;  // "train" | "test"; empty: reference_file
  std::string reference_file;
  std::optional<NetworkDefinition> network;  // none: the metric network
  std::vector<std::string> metrics;
  bool ema = false;          // samples of the weights' moving average
  std::optional<int> batch;  // images sampled at once; a hint, never part of a key
};

// One sample grid (an image with every class) per model.
struct SamplesDefinition {
  int per_class = 0;
  std::vector<int> classes;  // empty: all
  int steps_per_scale = 0;
  double guidance = 0;
};

// Every combination, for every model.
struct LatencyDefinition {
  std::vector<int> steps_per_scale;
  std::vector<double> guidance;
  std::vector<int> batches;
  int warmup = 0;
  int repeats = 0;
};

struct EntropyDefinition {
  std::vector<int> steps_per_scale;
  std::vector<double> guidance;
  std::int64_t samples = 0;
  int shown = 0;  // kept one by one
};

// How many workers do a job together.
struct RankRange {
  int min = 1;
  int max = 1;
};

// What jobs ask of the worker that runs them. Never part of a key.
struct PlacementDefinition {
  std::map<std::string, std::string> labels;  // that the worker has to state
  std::optional<double> memory_gib;           // of the worker's device, while the job is there
  std::optional<double> time_limit_minutes;   // of an attempt
  std::optional<RankRange> ranks;             // of kinds that can (placement.hpp)
};

// Where and in which order a study runs. Never part of a key.
struct SchedulingDefinition {
  std::optional<int> priority;
  std::optional<std::string> deadline;                // RFC 3339, UTC
  PlacementDefinition placement;                      // of all jobs
  std::map<std::string, PlacementDefinition> stages;  // by kind of job: what differs there

  // What jobs of this kind ask for.
  PlacementDefinition placement_of(const std::string& kind) const;
};

struct StudyDefinition {
  std::string name;
  std::string title;
  std::string code;       // code version of the workers that may run it; empty: any
  std::int64_t seed = 0;  // of the data set, of every initialisation and of every training
  DatasetDefinition dataset;
  TokenizerDefinition tokenizer;
  MetricNetworkDefinition metric_network;
  ModelDefinition model;
  SweepDefinition sweep;
  EvaluationDefinition evaluation;
  SamplesDefinition samples;
  std::optional<LatencyDefinition> latency;
  std::optional<EntropyDefinition> entropy;
  SchedulingDefinition scheduling;

  // Side of the token grid: image size / tokenizer stride.
  int grid() const { return dataset.size / tokenizer.stride; }
};

}  // namespace checkerlab::sweeps
