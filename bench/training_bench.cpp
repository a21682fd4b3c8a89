// training_bench: the published models trained over 1, 2, … GPUs of one host, on random tokens.
//
// Strong scaling keeps the global batch, weak scaling the batch of a GPU. Efficiency is images/s over (ranks × images/s
// of one rank). Exposed communication is the share of a step that is gone when gradients are not summed. The largest
// difference of a step's loss to that of one rank is of strong scaling, where the batches are the same.
//   training_bench --ranks 1,2 --models checkerboard-s:128,checkerboard-l:64
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "base/error.hpp"
#include "base/error_text.hpp"
#include "bench/training/run.hpp"
#include "libmodel/distributed/rank_report.hpp"

namespace checkerlab::bench {
namespace {

struct Options {
  std::vector<int> ranks{1};
  std::string models = "checkerboard-s:128,checkerboard-l:64";
  TrainingRun run;
  std::string rank_run, out;
};

std::vector<std::pair<std::string, std::int64_t>> parse_models(const std::string& text) {
  std::vector<std::pair<std::string, std::int64_t>> models;
  std::istringstream list(text);
  for (std::string one; std::getline(list, one, ',');) {
    const auto colon = one.find(':');
    const std::int64_t batch = colon == std::string::npos ? 0 : std::atoll(one.c_str() + colon + 1);
    if (batch < 1) throw Error(ErrorCode::invalid_argument, "--models: '" + one + "' is not PRESET:BATCH");
    models.emplace_back(one.substr(0, colon), batch);
  }
  return models;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = a.size() == b.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

// A row of the table; `one` is what one rank reached.
void print_row(const TrainingRun& run, const char* scaling, const TrainingFigures& one) {
  const auto with = run.ranks == 1 ? one : measure(run);
  double exposed = 0;
  if (run.ranks > 1) {
    TrainingRun without = run;
    without.sums = false;
    exposed = 1 - measure(without).seconds_per_step / with.seconds_per_step;
  }
  std::string losses = "";
  if (run.ranks > 1 && std::string_view(scaling) == "strong") {
    char text[32];
    std::snprintf(text, sizeof text, "%.2g", largest_difference(one.losses, with.losses));
    losses = text;
  }
  std::printf("| %s | %s | %d | %lld | %.1f | %.1f | %.1f %% | %.1f %% | %.1f | %s |\n", run.preset.c_str(), scaling,
              run.ranks, static_cast<long long>(run.batch), with.images_per_second, 1e3 * with.seconds_per_step,
              100 * with.images_per_second / (run.ranks * one.images_per_second), 100 * std::max(0.0, exposed),
              static_cast<double>(with.memory) / (1 << 30), losses.c_str());
  std::fflush(stdout);
}

void bench_model(const Options& options, const std::string& model, std::int64_t batch) {
  TrainingRun run = options.run;
  run.preset = model;
  run.batch = batch;
  run.ranks = 1;
  const auto one = measure(run);
  print_row(run, "", one);
  for (const int ranks : options.ranks) {
    if (ranks == 1) continue;
    run.ranks = ranks;
    run.batch = batch;
    print_row(run, "strong", one);
    run.batch = batch * ranks;
    print_row(run, "weak", one);
  }
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app{"Training over several GPUs of one host", "training_bench"};
  app.add_option("--ranks", options.ranks, "Numbers of GPUs")->delimiter(',')->capture_default_str();
  app.add_option("--models", options.models, "Presets, each with the images of a batch of one GPU")
      ->capture_default_str();
  app.add_option("--steps", options.run.steps, "Steps that are timed")->capture_default_str();
  app.add_option("--warmup", options.run.warmup, "Steps before them")->capture_default_str();
  app.add_option("--device", options.run.device, "cpu or cuda")->capture_default_str();
  app.add_option("--precision", options.run.precision, "fp32, bf16 or fp16")->capture_default_str();
  app.add_flag("--share-device", options.run.share_device, "All ranks on one GPU");
  app.add_flag("--profile", options.run.profile, "Also print which CUDA kernels a step's time goes to");
  app.add_option("--rank-run", options.rank_run, "Of a rank: what to do")->group("");
  app.add_option("--out", options.out, "Of a rank: where its figures go")->group("");
  CLI11_PARSE(app, argc, argv);
  if (const auto settings = model::rank_settings()) {
    run_rank(training_run(nlohmann::json::parse(options.rank_run)), *settings, options.out);
    return 0;
  }
  if (options.run.profile && options.run.device != "cuda")
    throw Error(ErrorCode::invalid_argument, "--profile sees what runs on a GPU, --device is " + options.run.device,
                "Leave it out, or use --device cuda");
  const auto models = parse_models(options.models);
  std::printf("| model | scaling | GPUs | batch | images/s | ms a step | efficiency | exposed | GiB a GPU | loss |\n");
  std::printf("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
  for (const auto& [model, batch] : models)
    bench_model(options, model, batch);
  return 0;
}

}  // namespace
}  // namespace checkerlab::bench

int main(int argc, char** argv) {
  int code = 2;
  try {
    code = checkerlab::bench::run(argc, argv);
  } catch (const std::exception& error) {
    checkerlab::model::send_rank_report(error);
    std::cerr << checkerlab::error_text(error);
  }
  std::fflush(nullptr);
  std::_Exit(code);  // LibTorch takes its time to unload
}
