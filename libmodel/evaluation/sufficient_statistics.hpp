#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <vector>

namespace checkerlab::model {

// Count, sum and sum of outer products of feature vectors, in fp64 on the CPU: all that mean and covariance need.
// Σx and Σxxᵀ of disjoint sets add up, so shards merge exactly.
struct SufficientStatistics {
  std::int64_t n = 0;
  torch::Tensor sum;    // fp64 [D]
  torch::Tensor outer;  // fp64 [D,D]

  [[nodiscard]] std::int64_t width() const { return sum.size(0); }
};

// Of features [N,D], any float type.
SufficientStatistics accumulate(const torch::Tensor& features);

// The statistics of the union of two disjoint sets. Throws Error when the widths differ.
SufficientStatistics merge(const SufficientStatistics& a, const SufficientStatistics& b);

struct Moments {
  torch::Tensor mean;        // fp64 [D]
  torch::Tensor covariance;  // fp64 [D,D], divisor n - 1
};

// Throws Error when n < 2.
Moments moments(const SufficientStatistics& statistics);

// The statistics of the samples begin ... end-1.
struct StatisticsShard {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  SufficientStatistics statistics;
};

// Merges shards by index range, in order of their begin, so the order they are given in changes no bit. A range given
// twice counts once. Throws Error when ranges overlap otherwise, a gap is left between them, or a shard's n is not end
// - begin.
SufficientStatistics merge_shards(std::vector<StatisticsShard> shards);

// The `statistics` artifact (safetensors: n, sum, outer).
void write_statistics(const std::filesystem::path& path, const SufficientStatistics& statistics);
SufficientStatistics read_statistics(const std::filesystem::path& path);

}  // namespace checkerlab::model
