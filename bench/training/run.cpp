#include "bench/training/run.hpp"

#include <ATen/ATen.h>
#include <torch/cuda.h>

#include <chrono>
#include <fstream>
#include <iostream>

#include "base/child_process.hpp"
#include "base/files.hpp"
#include "bench/training/silent_sums.hpp"
#include "bench/training/step_profile.hpp"
#include "libmodel/data/token_set.hpp"
#include "libmodel/device.hpp"
#include "libmodel/distributed/rank_group.hpp"
#include "libmodel/random/draws.hpp"
#include "libmodel/training/memory_used.hpp"
#include "libmodel/training/trainer.hpp"
#include "sweeps/job_specs.hpp"
#include "sweeps/recipe.hpp"
#include "worker/jobs/train_params.hpp"

namespace checkerlab::bench {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr int kGrid = 16, kClasses = 1000, kCodes = 4096, kCodeDim = 8;
constexpr std::int64_t kImages = 4096;

// The preset's model and training, cut to the steps of the run.
model::TrainConfig configuration(const TrainingRun& run) {
  const std::string text =
      "schema: 1\nname: bench\nseed: 0\ntokenizer: none\ndata: {kind: tokens, path: none, classes: 1000}\n"
      "model: {preset: " +
      run.preset + "}\n";
  const auto recipe = sweeps::parse_recipe(text, "bench", {});
  const Json spec{{"kind", "bench"},
                  {"params", sweeps::model_params(recipe.model, {recipe.ratio, kGrid, kClasses, 0})}};
  worker::Params params(spec);
  model::TrainConfig config = worker::read_train_params(params);
  config.model.codes = kCodes;
  config.model.code_dim = kCodeDim;
  config.epochs.reset();
  config.steps = run.warmup + run.steps;
  config.batch = run.batch;
  config.accumulation.clear();
  config.drops.clear();
  config.precision = model::precision_from_string(run.precision);
  return config;
}

model::TokenSet random_tokens(const model::ModelConfig& config) {
  model::TokenSet set;
  set.labels = at::arange(kImages, at::kLong).remainder(config.classes);
  for (const int side : config.sizes) {
    const auto draws = model::uniform_tensor(1, model::RandomDomain::data, static_cast<std::uint64_t>(side),
                                             {kImages, 1, std::int64_t{side} * side});
    set.tokens[side] = (draws * config.codes).to(at::kShort);
  }
  const auto directions = model::normal_tensor(3, model::RandomDomain::data, 0, {config.codes, config.code_dim});
  set.codebook = directions / directions.norm(2, {1}, true);
  return set;
}

// Takes the time from the end of the warm-up to the end, with the device at rest at both.
class Watch final : public model::NullObserver {
 public:
  Watch(const TrainingRun& run, c10::Device device) : run_(run), device_(device) {}

  void progress(std::int64_t done, std::int64_t total, std::string_view) override {
    if (done != run_.warmup && done != total) return;
    if (device_.is_cuda()) torch::cuda::synchronize(device_.index());
    if (run_.profile && done != total) profile_.start();
    (done == total ? end_ : begin_) = Clock::now();
    if (run_.profile && done == total) std::cerr << profile_.finish(run_.steps);
  }
  void curve(std::string_view series, std::int64_t, double value) override {
    if (series == "loss") losses.push_back(value);
  }
  double seconds() const { return std::chrono::duration<double>(end_ - begin_).count(); }

  std::vector<double> losses;

 private:
  const TrainingRun& run_;
  c10::Device device_;
  StepProfile profile_;
  Clock::time_point begin_, end_;
};

}  // namespace

Json to_json(const TrainingRun& run) {
  return {{"preset", run.preset},
          {"device", run.device},
          {"precision", run.precision},
          {"ranks", run.ranks},
          {"share_device", run.share_device},
          {"batch", run.batch},
          {"warmup", run.warmup},
          {"steps", run.steps},
          {"sums", run.sums},
          {"profile", run.profile}};
}

TrainingRun training_run(const Json& json) {
  return {.preset = json.at("preset"),
          .device = json.at("device"),
          .precision = json.at("precision"),
          .ranks = json.at("ranks"),
          .share_device = json.at("share_device"),
          .batch = json.at("batch"),
          .warmup = json.at("warmup"),
          .steps = json.at("steps"),
          .sums = json.at("sums"),
          .profile = json.at("profile")};
}

void run_rank(const TrainingRun& run, const model::RankSettings& settings, const std::string& file) {
  model::configure_compute(0);
  const auto device = model::select_device(model::rank_device(run.device, settings, model::cuda_device_count()));
  const auto ranks = model::join_ranks(settings, device);
  SilentSums silent(*ranks);
  const auto config = configuration(run);
  Watch watch(run, device);
  model::train_model(config, random_tokens(config.model), device, watch,
                     {.ranks = run.sums ? ranks.get() : static_cast<model::Communicator*>(&silent)});
  if (settings.rank != 0) return;
  const Json figures{{"seconds", watch.seconds()},
                     {"memory", model::memory_used(device)},
                     {"device", model::describe_device(device).name},
                     {"losses", watch.losses}};
  std::ofstream(file) << figures.dump();
}

TrainingFigures measure(const TrainingRun& run) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "figures.json";
  model::RankGroupOptions group{
      .command = {own_executable().string(), "--rank-run", to_json(run).dump(), "--out", file.string()},
      .size = run.ranks};
  group.share_device = run.share_device;
  group.timeout = std::chrono::minutes(2);
  group.on_line = [](int rank, std::string_view line) { std::cerr << "rank " << rank << ": " << line << "\n"; };
  model::run_rank_group(group);
  const Json found = Json::parse(SystemFiles().read(file));
  const double seconds = found.at("seconds");
  return {.images_per_second = static_cast<double>(run.steps * run.batch) / seconds,
          .seconds_per_step = seconds / static_cast<double>(run.steps),
          .memory = found.at("memory"),
          .device = found.at("device"),
          .losses = found.at("losses")};
}

}  // namespace checkerlab::bench
