#include "worker/jobs/evaluate_shard.hpp"

#include <algorithm>
#include <vector>

#include "libmodel/evaluation/feature_network.hpp"
#include "libmodel/evaluation/score.hpp"
#include "libmodel/quiet_observer.hpp"
#include "worker/jobs/draw_images.hpp"
#include "worker/jobs/loaded.hpp"

namespace checkerlab::worker {
namespace {

struct ShardParams {
  model::SamplingSettings sampling;
  std::int64_t begin = 0;
  std::int64_t end = 0;
  model::Precision precision = model::Precision::fp32;
  bool spatial = false;
};

ShardParams read_params(Params& params) {
  ShardParams read;
  read.sampling = read_sampling(params);
  read.sampling.temperature = params.number("temperature", 0, 1000);
  read.begin = params.integer("begin", 0, kMostSeed);
  read.end = params.integer("end", 1, kMostSeed);
  if (read.end <= read.begin) params.refuse("end", "must be larger than begin (" + std::to_string(read.begin) + ")");
  read.precision = model::precision_from_string(params.one_of("precision", {"fp32", "bf16"}));
  if (params.has("ema")) params.flag("ema");  // read by load_sampler
  if (params.has("spatial")) read.spatial = params.flag("spatial");
  params.expect_no_more();
  return read;
}

// Features of the shard's samples as they come, batch by batch; images are never kept.
struct Gathered {
  std::vector<at::Tensor> features;
  std::vector<at::Tensor> log_probabilities;
  std::vector<at::Tensor> spatial;
  std::int64_t total_steps = 0;
};

Gathered gather(JobCall& call, const ShardParams& params) {
  const auto tokenizer = load_tokenizer(call);
  const auto network = load_network(call, params.spatial);
  const auto sampler = load_sampler(call, params.precision);
  const auto batch = call.batch(256, 64);
  model::QuietObserver quiet(call.observer);
  Gathered gathered;
  for (auto at = params.begin; at < params.end; at += batch) {
    call.observer.progress(at - params.begin, params.end - params.begin, "images");
    const auto count = std::min(batch, params.end - at);
    const auto drawn =
        draw_images(*sampler, *tokenizer, at, count, params.sampling, call.device, params.precision, quiet);
    const auto found = network->compute(drawn.pixels, count, quiet);
    gathered.features.push_back(found.pool);
    gathered.log_probabilities.push_back(torch::log_softmax(found.logits, 1));
    if (params.spatial) gathered.spatial.push_back(found.spatial);
    gathered.total_steps = drawn.total_steps;
  }
  call.observer.progress(params.end - params.begin, params.end - params.begin, "images");
  return gathered;
}

}  // namespace

JobOutput EvaluateShardJob::work(JobCall& call) {
  const auto params = read_params(call.params);
  const auto gathered = gather(call, params);
  model::EvaluationShard shard;
  shard.begin = params.begin;
  shard.end = params.end;
  shard.features = torch::cat(gathered.features);
  shard.log_probabilities = torch::cat(gathered.log_probabilities);
  if (params.spatial) shard.spatial = torch::cat(gathered.spatial);
  shard.statistics = model::accumulate(shard.features);
  model::write_shard(call.output("shard"), shard);
  const double seconds = call.seconds();
  return {{{"images_per_second", static_cast<double>(params.end - params.begin) / std::max(1e-9, seconds)},
           {"total_steps", static_cast<double>(gathered.total_steps)},
           {"seconds", seconds}},
          {{"shard", call.output("shard")}},
          {}};
}

}  // namespace checkerlab::worker
