#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <vector>

#include "libmodel/evaluation/metrics/jackknife.hpp"
#include "libmodel/evaluation/sufficient_statistics.hpp"

namespace checkerlab::model {

// A value and its standard error.
struct Estimate {
  double value = 0;
  double uncertainty = 0;
  std::vector<double> without = {};  // the score without block b of the jackknife
};

// What one `evaluate_shard` leaves: features and log-probabilities of the samples begin ... end-1 in index order.
struct EvaluationShard {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  SufficientStatistics statistics;
  torch::Tensor features;           // fp32 [end-begin, D]
  torch::Tensor log_probabilities;  // fp32 [end-begin, K]
  torch::Tensor spatial;            // fp32 [end-begin, S], for sFID; undefined where it is not wanted
};

// The `shard` artifact (safetensors).
void write_shard(const std::filesystem::path& path, const EvaluationShard& shard);
EvaluationShard read_shard(const std::filesystem::path& path);

// All samples of a point, in index order.
struct SampleSet {
  SufficientStatistics statistics;
  torch::Tensor features;
  torch::Tensor log_probabilities;
};

// Puts shards together in index order; a range given twice counts once. Throws Error when ranges overlap otherwise,
// leave a gap, do not start at 0, or do not make up `samples`.
SampleSet join_shards(std::vector<EvaluationShard> shards, std::int64_t samples);

// FID of the samples against the reference, with the standard error of the jackknife over kJackknifeBlocks blocks.
// Throws Error when there are fewer than kMinSamples samples ("N too small").
Estimate score_fid(const SampleSet& samples, const SufficientStatistics& reference);

// Inception score with the same jackknife.
Estimate score_inception(const SampleSet& samples);

}  // namespace checkerlab::model
