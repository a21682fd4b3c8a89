#include "libmodel/evaluation/score.hpp"

#include <torch/types.h>

#include <functional>
#include <utility>

#include "base/error.hpp"
#include "libmodel/evaluation/frechet.hpp"
#include "libmodel/evaluation/inception_score.hpp"
#include "libmodel/evaluation/ranges.hpp"

namespace checkerlab::model {

namespace {

std::vector<IndexBlock> blocks_of(std::int64_t samples) {
  if (samples < kMinSamples) {
    throw Error(
        ErrorCode::invalid_argument,
        "N too small: " + std::to_string(samples) + " samples, at least " + std::to_string(kMinSamples) + " are needed",
        "Raise evaluation.samples.");
  }
  return jackknife_blocks(samples);
}

Estimate estimate(double value, const std::function<double(std::size_t)>& without) {
  Score score = jackknife(value, kJackknifeBlocks, without);
  return {value, *score.uncertainty, std::move(score.without)};
}

SufficientStatistics merge_all_but(const std::vector<SufficientStatistics>& parts, std::size_t left_out) {
  SufficientStatistics total{0, torch::zeros_like(parts.front().sum), torch::zeros_like(parts.front().outer)};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != left_out) total = merge(total, parts[i]);
  }
  return total;
}

}  // namespace

SampleSet join_shards(std::vector<EvaluationShard> shards, std::int64_t samples) {
  order_ranges(shards);
  if (shards.front().begin != 0 || shards.back().end != samples) {
    throw Error(ErrorCode::invalid_argument, "the shards hold the samples " +
                                                 range_text(shards.front().begin, shards.back().end) + " instead of " +
                                                 range_text(0, samples));
  }
  std::vector<StatisticsShard> statistics;
  std::vector<torch::Tensor> features;
  std::vector<torch::Tensor> log_probabilities;
  for (const auto& shard : shards) {
    statistics.push_back({shard.begin, shard.end, shard.statistics});
    features.push_back(shard.features);
    log_probabilities.push_back(shard.log_probabilities);
  }
  return {merge_shards(std::move(statistics)), torch::cat(features), torch::cat(log_probabilities)};
}

Estimate score_fid(const SampleSet& samples, const SufficientStatistics& reference) {
  const auto target = moments(reference);
  std::vector<SufficientStatistics> parts;
  for (const auto& block : blocks_of(samples.statistics.n)) {
    parts.push_back(accumulate(samples.features.slice(0, block.begin, block.end)));
  }
  const double value = frechet_distance(moments(samples.statistics), target);
  const auto without = [&](std::size_t b) { return frechet_distance(moments(merge_all_but(parts, b)), target); };
  return estimate(value, without);
}

Estimate score_inception(const SampleSet& samples) {
  const auto& rows = samples.log_probabilities;
  const auto blocks = blocks_of(rows.size(0));
  const auto without = [&](std::size_t b) {
    const auto kept = torch::cat({rows.slice(0, 0, blocks[b].begin), rows.slice(0, blocks[b].end, rows.size(0))});
    return inception_score(kept).value;
  };
  return estimate(inception_score(rows).value, without);
}

}  // namespace checkerlab::model
