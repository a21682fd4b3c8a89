#include "worker/jobs/score_point.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "base/version.hpp"
#include "libmodel/evaluation/evaluator_version.hpp"
#include "libmodel/evaluation/score.hpp"

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

}  // namespace

JobOutput ScorePointJob::work(JobCall& call) {
  const auto metrics = call.params.texts("metrics", {"fid", "is"});
  const auto samples = call.params.integer("samples", 1, kMostSeed);
  call.params.expect_no_more();
  if (samples < model::kMinSamples) {
    call.params.refuse("samples",
                       "N too small: at least " + std::to_string(model::kMinSamples) + " samples are needed");
  }
  const auto wants = [&](const char* name) { return std::find(metrics.begin(), metrics.end(), name) != metrics.end(); };
  const auto joined = join(call, samples);
  JobOutput output;
  if (wants("fid")) {
    const auto reference = model::read_statistics(call.input("reference", "statistics").path);
    add(output, "fid", model::score_fid(joined, reference));
  }
  if (wants("is")) add(output, "inception_score", model::score_inception(joined));
  output.metrics["n"] = static_cast<double>(joined.statistics.n);
  output.metrics["total_steps"] = total_steps(call.command);
  output.identity = {{"evaluator_version", model::kEvaluatorVersion}, {"code_version", version_string()}};
  return output;
}

}  // namespace checkerlab::worker
