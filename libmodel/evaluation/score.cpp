#include "libmodel/evaluation/score.hpp"

#include <torch/torch.h>

#include <cmath>
#include <functional>

#include "base/error.hpp"
#include "libmodel/evaluation/frechet.hpp"
#include "libmodel/evaluation/inception_score.hpp"
#include "libmodel/evaluation/ranges.hpp"

namespace checkerlab::model {

namespace {

struct Block {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

std::vector<Block> blocks_of(std::int64_t samples) {
  if (samples < kMinSamples) {
    throw Error(
        ErrorCode::invalid_argument,
        "N too small: " + std::to_string(samples) + " samples, at least " + std::to_string(kMinSamples) + " are needed",
        "Raise evaluation.samples.");
  }
  std::vector<Block> blocks;
  for (std::int64_t i = 0; i < kJackknifeBlocks; ++i) {
    blocks.push_back({i * samples / kJackknifeBlocks, (i + 1) * samples / kJackknifeBlocks});
  }
  return blocks;
}

// `without(b)` is the score of all samples but those of block b.
double jackknife_error(const std::function<double(std::size_t)>& without) {
  std::vector<double> values;
  double mean = 0;
  for (std::size_t b = 0; b < kJackknifeBlocks; ++b) {
    values.push_back(without(b));
    mean += values.back() / kJackknifeBlocks;
  }
  double squares = 0;
  for (const double value : values)
    squares += (value - mean) * (value - mean);
  return std::sqrt(squares * (kJackknifeBlocks - 1) / kJackknifeBlocks);
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
  return {value, jackknife_error(without)};
}

Estimate score_inception(const SampleSet& samples) {
  const auto& rows = samples.log_probabilities;
  const auto blocks = blocks_of(rows.size(0));
  const auto without = [&](std::size_t b) {
    const auto kept = torch::cat({rows.slice(0, 0, blocks[b].begin), rows.slice(0, blocks[b].end, rows.size(0))});
    return inception_score(kept).value;
  };
  return {inception_score(rows).value, jackknife_error(without)};
}

}  // namespace checkerlab::model
