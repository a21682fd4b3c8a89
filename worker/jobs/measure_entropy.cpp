#include "worker/jobs/measure_entropy.hpp"

#include <ATen/ops/arange.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/version.hpp"
#include "libmodel/device.hpp"
#include "libmodel/quiet_observer.hpp"
#include "libmodel/sampling/entropy_profile.hpp"
#include "worker/jobs/draw_images.hpp"
#include "worker/jobs/loaded.hpp"
#include "worker/jobs/shown_samples.hpp"

namespace checkerlab::worker {
namespace {

struct EntropyParams {
  model::SamplingSettings sampling;
  model::Precision precision = model::Precision::fp32;
  std::int64_t samples = 0, shown = 0;
};

EntropyParams read_params(Params& params) {
  EntropyParams read;
  read.sampling = read_sampling(params);
  read.sampling.temperature = params.number("temperature", 0, 1000);
  read.sampling.record_entropy = true;
  read.precision = model::precision_from_string(params.one_of("precision", {"fp32", "bf16"}));
  read.samples = params.integer("samples", 1, 1'000'000);
  read.shown = params.integer("shown", 0, 64);
  if (params.has("ema")) params.flag("ema");  // read by load_sampler
  params.expect_no_more();
  if (read.shown > read.samples) params.refuse("shown", "must be at most samples");
  return read;
}

void add_steps(JobOutput& output, const std::vector<model::EntropyStep>& steps) {
  for (const auto& step : steps) {
    const auto name = fmt::format("step.{:04}.", step.step);
    output.metrics[name + "mean"] = step.mean;
    output.metrics[name + "lower_quartile"] = step.lower_quartile;
    output.metrics[name + "median"] = step.median;
    output.metrics[name + "upper_quartile"] = step.upper_quartile;
    output.metrics[name + "side"] = static_cast<double>(step.side);
    output.metrics[name + "tokens"] = static_cast<double>(step.tokens);
  }
}

}  // namespace

JobOutput MeasureEntropyJob::work(JobCall& call) {
  const EntropyParams params = read_params(call.params);
  const auto tokenizer = load_tokenizer(call);
  const auto sampler = load_sampler(call, params.precision);
  const auto batch = call.batch(256, 64);
  model::QuietObserver quiet(call.observer);
  model::EntropyProfile profile;
  ShownSamples shown(params.shown);
  while (profile.samples() < params.samples) {
    const auto begin = profile.samples(), some = std::min(batch, params.samples - begin);
    call.observer.progress(begin, params.samples, "samples");
    const auto drawn = sampler->sample(model::round_robin_labels(begin, some, sampler->config().classes),
                                       at::arange(begin, begin + some, at::kLong), params.sampling, quiet);
    profile.add(drawn);
    shown.add(drawn, *tokenizer, call.device);
  }
  JobOutput output{{{"samples", static_cast<double>(params.samples)}},
                   {},
                   {{"device", model::describe_device(call.device).name}, {"code_version", version_string()}}};
  add_steps(output, profile.steps());
  if (shown.empty()) return output;
  output.metrics.merge(shown.curves());
  shown.write_maps(call.output("maps"), std::log(sampler->config().codes));
  shown.write_tensors(call.output("entropy"));
  output.artifacts = {{"maps", call.output("maps")}, {"entropy", call.output("entropy")}};
  return output;
}

}  // namespace checkerlab::worker
