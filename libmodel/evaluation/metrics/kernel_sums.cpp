#include "libmodel/evaluation/metrics/kernel_sums.hpp"

#include <torch/types.h>

#include <cmath>

#include "base/error.hpp"

namespace checkerlab::model {

double kernel_sum(const PairTile& tile) {
  auto base = tile.products / static_cast<double>(tile.left.rows.size(1));
  base += 1;
  const auto kernel = base * base * base;
  const double sum = kernel.sum().item<double>();
  return tile.diagonal ? sum - kernel.trace().item<double>() : sum;
}

KernelSums::KernelSums(const RowSet& samples, const RowSet& reference)
    : blocks_(samples.blocks()),
      reference_rows_(static_cast<double>(reference.size())),
      samples_(blocks_.size(), std::vector<double>(blocks_.size())),
      across_(blocks_.size()) {
  if (samples.size() < 2 || reference.size() < 2) {
    throw Error(ErrorCode::invalid_argument, "kid needs at least two samples and two rows of reference");
  }
}

void KernelSums::add_samples(const PairTile& tile) {
  const double sum = kernel_sum(tile);
  samples_[tile.left.block][tile.right.block] += sum;
  if (!tile.diagonal) samples_[tile.right.block][tile.left.block] += sum;
}

void KernelSums::add_reference(const PairTile& tile) {
  reference_ += tile.diagonal ? kernel_sum(tile) : 2 * kernel_sum(tile);
}

void KernelSums::add_across(const PairTile& tile) {
  across_[tile.left.block] += kernel_sum(tile);
}

double KernelSums::distance_of(const std::vector<bool>& kept) const {
  double rows = 0, own = 0, across = 0;
  for (std::size_t a = 0; a < blocks_.size(); ++a) {
    if (!kept[a]) continue;
    rows += static_cast<double>(blocks_[a].size());
    across += across_[a];
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
      if (kept[b]) own += samples_[a][b];
    }
  }
  return own / (rows * (rows - 1)) + reference_ / (reference_rows_ * (reference_rows_ - 1)) -
         2 * across / (rows * reference_rows_);
}

Score KernelSums::distance() const {
  return jackknife(distance_of(std::vector<bool>(blocks_.size(), true)), blocks_.size(), [&](std::size_t b) {
    std::vector<bool> kept(blocks_.size(), true);
    kept[b] = false;
    return distance_of(kept);
  });
}

SubsetDistances kernel_distances_of_subsets(const at::Tensor& samples, const at::Tensor& reference,
                                            const at::Tensor& sample_rows, const at::Tensor& reference_rows) {
  SubsetDistances result;
  NullObserver observer;
  for (std::int64_t i = 0; i < sample_rows.size(0); ++i) {
    const RowSet x(samples.index_select(0, sample_rows[i]), {{0, sample_rows.size(1)}}, samples.device());
    const RowSet y(reference.index_select(0, reference_rows[i]), {{0, reference_rows.size(1)}}, reference.device());
    KernelSums sums(x, y);
    for_each_own_tile(x, observer, [&](const PairTile& tile) { sums.add_samples(tile); });
    for_each_own_tile(y, observer, [&](const PairTile& tile) { sums.add_reference(tile); });
    for_each_tile(x, y, observer, [&](const PairTile& tile) { sums.add_across(tile); });
    result.per_subset.push_back(sums.distance().value);
  }
  const auto count = static_cast<double>(result.per_subset.size());
  for (const double value : result.per_subset)
    result.mean += value / count;
  for (const double value : result.per_subset)
    result.deviation += std::pow(value - result.mean, 2) / count;
  result.deviation = std::sqrt(result.deviation);
  return result;
}

}  // namespace checkerlab::model
