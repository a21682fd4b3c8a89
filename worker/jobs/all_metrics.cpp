#include "worker/jobs/all_metrics.hpp"

#include <memory>
#include <string>

#include "base/error.hpp"
#include "libmodel/checkpoint/safetensors.hpp"
#include "libmodel/evaluation/score.hpp"

namespace checkerlab::worker {
namespace {

model::CollectedFeatures collect(JobCall& call, const MetricRequest& request) {
  model::FeatureCollector collector(request.samples, model::kJackknifeBlocks, model::sample_needs(request.metrics),
                                    "the samples", call.device);
  std::int64_t done = 0;
  for (const auto& [role, input] : call.command.inputs) {
    if (!role.starts_with("shard.")) continue;
    model::throw_if_cancelled(call.observer, "scoring");
    const auto shard = model::read_shard(call.input(role, "shard").path);
    // The softmax of log-probabilities is what they are the logarithms of.
    collector.add(shard.begin, {.pool = shard.features, .spatial = shard.spatial, .logits = shard.log_probabilities});
    done += shard.end - shard.begin;
    call.observer.progress(done, request.samples, "samples");
  }
  auto collected = collector.finish();
  if (collected.size() != request.samples)
    throw Error(ErrorCode::invalid_argument, "the shards hold " + std::to_string(collected.size()) +
                                                 " samples instead of " + std::to_string(request.samples));
  return collected;
}

std::unique_ptr<model::FrechetTarget> target(JobCall& call, const char* artifact) {
  const auto statistics = model::read_statistics(call.input("reference", artifact).path);
  return std::make_unique<model::FrechetTarget>(model::moments(statistics), call.device);
}

model::MetricReference read_reference(JobCall& call, const std::set<model::Metric>& metrics) {
  const auto needs = model::reference_needs(metrics);
  model::MetricReference reference;
  if (needs.pool) reference.pool = target(call, "statistics");
  if (needs.spatial) reference.spatial = target(call, "spatial_statistics");
  if (needs.rows) {
    const auto path = call.input("reference", "features").path;
    reference.rows = model::read_safetensors(path).at("pool", path);
  }
  return reference;
}

}  // namespace

void add_blocks(JobOutput& output, const std::string& name, const std::vector<double>& without) {
  for (std::size_t b = 0; b < without.size(); ++b)
    output.metrics[name + ".without." + (b < 10 ? "0" : "") + std::to_string(b)] = without[b];
}

JobOutput score_all(JobCall& call, const MetricRequest& request) {
  auto reference = read_reference(call, request.metrics);
  const auto values =
      model::evaluate(collect(call, request), reference,
                      {.metrics = request.metrics, .is_block = request.is_block, .device = call.device}, call.observer);
  JobOutput output;
  for (const auto& [name, score] : values.scores) {
    output.metrics[name] = score.value;
    if (score.uncertainty) output.metrics[name + "_uncertainty"] = *score.uncertainty;
    if (name == "fid") add_blocks(output, name, score.without);
  }
  return output;
}

}  // namespace checkerlab::worker
