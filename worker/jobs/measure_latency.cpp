#include "worker/jobs/measure_latency.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "base/version.hpp"
#include "libmodel/device.hpp"
#include "libmodel/memory/synchronise.hpp"
#include "libmodel/quiet_observer.hpp"
#include "worker/jobs/draw_images.hpp"
#include "worker/jobs/loaded.hpp"

namespace checkerlab::worker {
namespace {

using Steady = std::chrono::steady_clock;

// `sorted` ascending, not empty.
double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

struct LatencyParams {
  model::SamplingSettings sampling;
  model::Precision precision = model::Precision::fp32;
  std::int64_t batch = 1, warmup = 0, repeats = 0;
};

LatencyParams read_params(Params& params) {
  LatencyParams read;
  read.sampling = read_sampling(params);
  read.sampling.temperature = params.number("temperature", 0, 1000);
  read.precision = model::precision_from_string(params.one_of("precision", {"fp32", "bf16"}));
  read.batch = params.integer("batch", 1, 4096);
  read.warmup = params.integer("warmup", 0, 1000);
  read.repeats = params.integer("repeats", 5, 10'000);
  if (params.has("ema")) params.flag("ema");  // read by load_sampler
  params.expect_no_more();
  return read;
}

}  // namespace

JobOutput MeasureLatencyJob::work(JobCall& call) {
  const LatencyParams params = read_params(call.params);
  const auto tokenizer = load_tokenizer(call);
  const auto sampler = load_sampler(call, params.precision);
  model::QuietObserver quiet(call.observer);
  std::vector<double> seconds;
  std::int64_t total_steps = 0;
  const std::int64_t calls = params.warmup + params.repeats;
  for (std::int64_t i = 0; i < calls; ++i) {
    call.observer.progress(i, calls, "calls");
    model::synchronise(call.device);
    const auto begin = Steady::now();
    const auto drawn =
        draw_images(*sampler, *tokenizer, 0, params.batch, params.sampling, call.device, params.precision, quiet);
    model::synchronise(call.device);
    if (i >= params.warmup) seconds.push_back(std::chrono::duration<double>(Steady::now() - begin).count());
    total_steps = drawn.total_steps;
  }
  std::ranges::sort(seconds);
  return {{{"median_seconds", quantile(seconds, 0.5)},
           {"lower_quartile", quantile(seconds, 0.25)},
           {"upper_quartile", quantile(seconds, 0.75)},
           {"total_steps", static_cast<double>(total_steps)}},
          {},
          {{"device", model::describe_device(call.device).name}, {"code_version", version_string()}}};
}

}  // namespace checkerlab::worker
