#include "worker/jobs/score_point.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/version.hpp"
#include "libmodel/evaluation/evaluator_version.hpp"
#include "libmodel/evaluation/inception_score.hpp"
#include "libmodel/evaluation/score.hpp"
#include "worker/jobs/all_metrics.hpp"

namespace checkerlab::worker {
namespace {

constexpr std::string_view kShardRole = "shard.";

bool is_shard(const std::string& role) {
  return role.starts_with(kShardRole);
}

model::SampleSet join(JobCall& call, std::int64_t samples) {
  std::vector<model::EvaluationShard> shards;
  const auto inputs = static_cast<std::int64_t>(call.command.inputs.size());
  for (const auto& [role, input] : call.command.inputs) {
    model::throw_if_cancelled(call.observer, "scoring");
    if (is_shard(role)) shards.push_back(model::read_shard(call.input(role, "shard").path));
    call.observer.progress(static_cast<std::int64_t>(shards.size()), inputs, "shards");
  }
  return model::join_shards(std::move(shards), samples);
}

// What the shards agree on; shards of different points must never be joined.
double total_steps(const RunCommand& command) {
  std::vector<double> found;
  for (const auto& [role, input] : command.inputs) {
    if (!is_shard(role)) continue;
    const auto steps = input.metrics.find("total_steps");
    if (steps == input.metrics.end())
      throw Error(ErrorCode::invalid_data, "the input " + role + " does not say its total_steps");
    found.push_back(steps->second);
  }
  if (found.empty()) throw Error(ErrorCode::invalid_data, "score_point was given no shards");
  if (std::any_of(found.begin(), found.end(), [&](double steps) { return steps != found.front(); })) {
    throw Error(ErrorCode::invalid_data, "the shards differ in total_steps: they are of different points");
  }
  return found.front();
}

void add(JobOutput& output, const std::string& name, const model::Estimate& estimate) {
  output.metrics[name] = estimate.value;
  output.metrics[name + "_uncertainty"] = estimate.uncertainty;
}

struct ScoreParams {
  std::vector<std::string> metrics;
  std::int64_t samples = 0;
  std::optional<std::int64_t> is_block;  // given by studies that name a feature network

  bool wants(const char* name) const { return std::find(metrics.begin(), metrics.end(), name) != metrics.end(); }
  // FID and IS of a metric network keep the formula that their evaluator version stands for.
  bool plain() const {
    return !is_block && std::all_of(metrics.begin(), metrics.end(),
                                    [](const std::string& name) { return name == "fid" || name == "is"; });
  }
};

ScoreParams read_params(Params& params) {
  ScoreParams read;
  read.metrics = params.texts("metrics", {"fid", "is", "sfid", "pr", "kid", "dc"});
  read.samples = params.integer("samples", 1, kMostSeed);
  if (params.has("is_block")) read.is_block = params.integer("is_block", 1, kMostSeed);
  params.expect_no_more();
  if (read.samples < model::kMinSamples)
    params.refuse("samples", "N too small: at least " + std::to_string(model::kMinSamples) + " samples are needed");
  return read;
}

JobOutput score_plainly(JobCall& call, const ScoreParams& params) {
  const auto joined = join(call, params.samples);
  JobOutput output;
  if (params.wants("fid")) {
    const auto reference = model::read_statistics(call.input("reference", "statistics").path);
    const auto fid = model::score_fid(joined, reference);
    add(output, "fid", fid);
    add_blocks(output, "fid", fid.without);
  }
  if (params.wants("is")) add(output, "inception_score", model::score_inception(joined));
  return output;
}

JobOutput score_with_all_metrics(JobCall& call, const ScoreParams& params) {
  MetricRequest request{{}, params.samples, params.is_block.value_or(model::kInceptionBlock)};
  for (const auto& name : params.metrics)
    request.metrics.insert(model::metric_from_string(name));
  return score_all(call, request);
}

}  // namespace

JobOutput ScorePointJob::work(JobCall& call) {
  const auto params = read_params(call.params);
  JobOutput output = params.plain() ? score_plainly(call, params) : score_with_all_metrics(call, params);
  output.metrics["n"] = static_cast<double>(params.samples);
  output.metrics["total_steps"] = total_steps(call.command);
  output.identity = {{"evaluator_version", model::kEvaluatorVersion}, {"code_version", version_string()}};
  return output;
}

}  // namespace checkerlab::worker
