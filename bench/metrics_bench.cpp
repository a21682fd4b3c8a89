// How long the metrics take on features that are there: `metrics_bench [--n 50000] [--reference 10000] [--width 2048]
// [--device cpu|cuda] [--only fid|pr|kid]`. The features are random numbers, made as they are used, as a network would.
// Prints one table: seconds, and the peak of host memory in each row above what was held before the first.
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>

#include "libmodel/device.hpp"
#include "libmodel/evaluation/metrics/evaluate.hpp"
#include "libmodel/evaluation/metrics/frechet_score.hpp"

namespace {

using namespace checkerlab::model;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kBatch = 512;

struct Sizes {
  std::int64_t n = 50'000, reference = 10'000, width = 2048;
};

// In MiB; the peak is counted anew after forget_peak().
double peak_memory() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

void forget_peak() {
  std::ofstream("/proc/self/clear_refs") << "5";
}

class Table {
 public:
  explicit Table(c10::Device device) : device_(device) {
    forget_peak();
    before_ = peak_memory();
    std::printf("%-44s %10s %14s\n", "what", "seconds", "peak, MiB");
  }

  template <typename Work>
  auto row(const std::string& what, const Work& work) {
    forget_peak();
    const auto begin = Clock::now();
    auto result = work();
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    std::printf("%-44s %10.2f %14.0f\n", what.c_str(), seconds, peak_memory() - before_);
    std::fflush(stdout);
    return result;
  }

  c10::Device device() const { return device_; }

 private:
  c10::Device device_;
  double before_ = 0;
};

// Non-negative and correlated a little, as pooled activations are.
at::Tensor features(std::int64_t rows, std::int64_t width, std::int64_t stream) {
  at::manual_seed(static_cast<std::uint64_t>(stream));
  const auto common = at::rand({rows, 1});
  return (at::randn({rows, width}) * 0.4 + common).clamp_min(0);
}

CollectedFeatures collected(std::int64_t rows, std::int64_t width, std::int64_t blocks, CollectorNeeds needs,
                            const Table& table) {
  FeatureCollector collector(rows, blocks, needs, "the features", table.device());
  for (std::int64_t begin = 0; begin < rows; begin += kBatch)
    collector.add(begin, {.pool = features(std::min(kBatch, rows - begin), width, 2 * begin + (blocks > 1 ? 1 : 0)),
                          .spatial = {},
                          .logits = {}});
  return collector.finish();
}

void measure_fid(const Sizes& sizes, Table& table) {
  NullObserver observer;
  const CollectorNeeds needs{.pool = true};
  auto samples = table.row("features made, moments of the samples",
                           [&] { return collected(sizes.n, sizes.width, kJackknifeBlocks, needs, table); });
  const auto reference =
      table.row("the same of the reference", [&] { return collected(sizes.reference, sizes.width, 1, needs, table); });
  FrechetTarget target(*reference.pool, table.device());
  table.row("FID, value alone", [&] { return target.distance(*samples.pool, samples.pool->all()); });
  table.row("FID again, to the same reference", [&] { return target.distance(*samples.pool, samples.pool->all()); });
  table.row("FID, value and uncertainty", [&] { return frechet_score(target, *samples.pool, observer); });
}

void measure_pairs(const Sizes& sizes, Metric metric, const std::string& what, Table& table) {
  NullObserver observer;
  const CollectorNeeds needs{.rows = true};
  auto samples = collected(sizes.n, sizes.width, kJackknifeBlocks, needs, table);
  auto reference = MetricReference::of(collected(sizes.reference, sizes.width, 1, needs, table), table.device());
  table.row(what, [&] {
    return evaluate(std::move(samples), reference, {.metrics = {metric}, .device = table.device()}, observer);
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("How long the metrics take on features that are there");
  Sizes sizes;
  std::string device = "cpu", only;
  app.add_option("--n", sizes.n, "Samples")->capture_default_str();
  app.add_option("--reference", sizes.reference, "Rows of the reference")->capture_default_str();
  app.add_option("--width", sizes.width, "Features in a row")->capture_default_str();
  app.add_option("--device", device, "cpu, cuda or cuda:N")->capture_default_str();
  app.add_option("--only", only, "One of them")->check(CLI::IsMember({"fid", "pr", "kid"}));
  CLI11_PARSE(app, argc, argv);
  try {
    configure_compute(0);
    Table table(select_device(device));
    if (only.empty() || only == "fid") measure_fid(sizes, table);
    if (only.empty() || only == "pr") measure_pairs(sizes, Metric::pr, "precision and recall, with uncertainty", table);
    if (only.empty() || only == "kid") measure_pairs(sizes, Metric::kid, "KID, with uncertainty", table);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
