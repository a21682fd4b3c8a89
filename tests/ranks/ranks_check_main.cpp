// ranks_check: do N ranks train as one rank does at the same global batch? Real processes, on CPUs or GPUs.
//
// Trains a tiny model three times from the same start: one rank that takes every batch in N pieces, N ranks with a
// piece each, and one rank that takes every batch whole. Prints the losses of all and the largest differences. The sums
// of the first two have the same terms; on CPUs, and with two GPUs, also in the same order, so nothing differs there.
// Exit code 1 when a difference is beyond its tolerance.
#include <ATen/ATen.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/child_process.hpp"
#include "base/error_text.hpp"
#include "base/files.hpp"
#include "libmodel/data/token_set.hpp"
#include "libmodel/device.hpp"
#include "libmodel/distributed/rank_group.hpp"
#include "libmodel/distributed/rank_report.hpp"
#include "libmodel/random/draws.hpp"
#include "libmodel/training/trainer.hpp"

namespace checkerlab {
namespace {

struct Options {
  std::string device = "cpu", precision = "fp32", out;
  int ranks = 2;
  std::int64_t steps = 8, batch = 24, micro_batch = 0;
  int width = 64, layers = 3;
  bool share_device = false;
  double same_tolerance = 1e-6, whole_tolerance = 1e-3;
};

model::TrainConfig training(const Options& options) {
  model::TrainConfig config;
  config.model = {.sizes = {1, 2, 4, 8},
                  .classes = 10,
                  .codes = 64,
                  .code_dim = 8,
                  .layers = options.layers,
                  .width = options.width,
                  .heads = 4,
                  .hidden = 2 * options.width,
                  .mixing_layers = 2};
  config.steps = options.steps;
  config.batch = options.batch;
  config.learning_rate = 1e-3;
  config.warmup_steps = 2;
  config.weight_decay = 0.01;
  config.label_dropout = 0.1;
  config.source_replacement = 0.1;
  config.gradient_clip = 1;
  config.seed = 5;
  config.precision = model::precision_from_string(options.precision);
  return config;
}

// Tokens that follow from the label and the place, so that there is something to learn.
model::TokenSet tokens(const model::ModelConfig& config) {
  constexpr std::int64_t kImages = 120, kCrops = 2;
  model::TokenSet set;
  set.labels = at::arange(kImages, at::kLong).remainder(config.classes);
  for (const int side : config.sizes) {
    const std::int64_t places = std::int64_t{side} * side;
    const auto codes = set.labels.view({kImages, 1, 1}) * 7 + at::arange(places, at::kLong).view({1, 1, places}) * 3 +
                       at::arange(kCrops, at::kLong).view({1, kCrops, 1});
    set.tokens[side] = codes.remainder(config.codes).to(at::kShort).contiguous();
  }
  const auto directions = model::normal_tensor(3, model::RandomDomain::data, 0, {config.codes, config.code_dim});
  set.codebook = directions / directions.norm(2, {1}, true);
  return set;
}

class Losses final : public model::NullObserver {
 public:
  void curve(std::string_view series, std::int64_t, double value) override {
    if (series == "loss") values.push_back(value);
  }
  std::vector<double> values;
};

// One rank: rank 0 leaves the losses and a checksum of the weights in options.out.
void run_rank(const Options& options, const model::RankSettings& settings) {
  ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/0);  // deterministic training asks for it
  model::configure_compute(0);
  const int gpus = model::cuda_device_count();
  const auto device = model::select_device(model::rank_device(options.device, settings, gpus));
  const auto ranks = model::join_ranks(settings, device);
  Losses losses;
  const auto config = training(options);
  const auto result =
      model::train_model(config, tokens(config.model), device, losses,
                         {.micro_batch = options.micro_batch, .deterministic = true, .ranks = ranks.get()});
  if (settings.rank != 0) return;
  double weights = 0;
  auto trained = result.model;
  model::visit_weights(trained.config, trained.weights, [&](const std::string&, at::Tensor& tensor, const auto&) {
    weights += tensor.to(at::kCPU, at::kDouble).abs().sum().item<double>();
  });
  std::ofstream(options.out) << nlohmann::json{{"losses", losses.values}, {"weights", weights}}.dump();
}

struct Outcome {
  std::vector<double> losses;
  double weights = 0;
};

// `size` ranks, each computing the gradients of `micro_batch` images at once.
Outcome train(const Options& options, int size, std::int64_t micro_batch) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "outcome.json";
  model::RankGroupOptions group{.command = {own_executable().string()}, .size = size};
  for (const auto& argument : own_arguments())
    group.command.push_back(argument);
  group.command.insert(group.command.end(), {"--out", file.string(), "--micro-batch", std::to_string(micro_batch)});
  group.share_device = options.share_device;
  group.timeout = std::chrono::minutes(1);
  group.on_line = [](int rank, std::string_view line) { std::cerr << "rank " << rank << ": " << line << "\n"; };
  model::run_rank_group(group);
  const auto outcome = nlohmann::json::parse(SystemFiles().read(file));
  return {outcome.at("losses").get<std::vector<double>>(), outcome.at("weights").get<double>()};
}

double difference(const Outcome& a, const Outcome& b) {
  double largest = std::abs(a.weights - b.weights) / std::abs(a.weights);
  if (a.losses.size() != b.losses.size() || a.losses.empty()) return INFINITY;
  for (std::size_t i = 0; i < a.losses.size(); ++i)
    largest = std::max(largest, std::abs(a.losses[i] - b.losses[i]));
  return std::isfinite(largest) ? largest : INFINITY;
}

int compare(const Options& options) {
  const std::int64_t piece = options.batch / options.ranks;
  const auto one = train(options, 1, piece);
  const auto many = train(options, options.ranks, 0);
  const auto whole = train(options, 1, 0);
  std::printf("step  one rank, %d pieces  %d ranks             one rank, whole batches\n", options.ranks,
              options.ranks);
  for (std::size_t step = 0; step < many.losses.size(); ++step)
    std::printf("%4zu  %.12f      %.12f      %.12f\n", step, one.losses[step], many.losses[step], whole.losses[step]);
  std::printf("sum of |weights|  %.10f  %.10f  %.10f\n", one.weights, many.weights, whole.weights);
  const double same = difference(one, many), other = difference(whole, many);
  std::printf("largest difference to the same pieces: %.3g (tolerance %.3g)\n", same, options.same_tolerance);
  std::printf("largest difference to whole batches:   %.3g (tolerance %.3g)\n", other, options.whole_tolerance);
  const bool good = same <= options.same_tolerance && other <= options.whole_tolerance;
  std::printf("%s\n", good ? "equal" : "NOT EQUAL");
  return good ? 0 : 1;
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app{"Do N ranks train as one rank does?", "ranks_check"};
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.add_option("--device", options.device, "cpu or cuda");
  app.add_option("--precision", options.precision, "fp32 or bf16");
  app.add_option("--ranks", options.ranks, "How many ranks");
  app.add_flag("--share-device", options.share_device, "All ranks on one GPU");
  app.add_option("--steps", options.steps, "Steps to train");
  app.add_option("--batch", options.batch, "Images of a batch, over all ranks");
  app.add_option("--width", options.width, "Width of the model");
  app.add_option("--layers", options.layers, "Layers of the model");
  app.add_option("--same-tolerance", options.same_tolerance, "Largest difference to one rank on the same pieces");
  app.add_option("--whole-tolerance", options.whole_tolerance, "Largest difference to one rank on whole batches");
  app.add_option("--out", options.out, "Of a rank: where its losses go");
  app.add_option("--micro-batch", options.micro_batch, "Of a rank: images at once");
  CLI11_PARSE(app, argc, argv);
  if (const auto settings = model::rank_settings()) {
    run_rank(options, *settings);
    return 0;
  }
  return compare(options);
}

}  // namespace
}  // namespace checkerlab

int main(int argc, char** argv) {
  int code = 2;
  try {
    code = checkerlab::run(argc, argv);
  } catch (const std::exception& error) {
    checkerlab::model::send_rank_report(error);
    std::cerr << checkerlab::error_text(error);
  }
  std::fflush(nullptr);
  std::_Exit(code);  // LibTorch takes its time to unload
}
