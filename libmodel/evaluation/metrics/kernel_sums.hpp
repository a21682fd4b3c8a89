// Kernel distance (KID) from sums over blocks of pairs.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "libmodel/evaluation/metrics/row_pairs.hpp"

namespace checkerlab::model {

// The sum over the pairs of a tile of the kernel (x·y/D + 1)^3 (Bińkowski et al. 2018, arXiv 1801.01401), fp64; without
// the pairs of a row with itself.
double kernel_sum(const PairTile& tile);

// The unbiased squared maximum mean discrepancy (Gretton et al. 2012), sets of m and n rows:
//   sum_{i≠j} k(x_i,x_j) / (m (m-1)) + sum_{i≠j} k(y_i,y_j) / (n (n-1)) - 2 mean k(x,y)
// Equal sets give a negative number. Without a block of samples: the same of the sums that are left. Not thread-safe.
class KernelSums {
 public:
  // Throws Error(invalid_argument) where a set has fewer than two rows.
  KernelSums(const RowSet& samples, const RowSet& reference);

  void add_samples(const PairTile& tile);    // of for_each_own_tile(samples)
  void add_reference(const PairTile& tile);  // of for_each_own_tile(reference)
  void add_across(const PairTile& tile);     // of for_each_tile(samples, reference)

  [[nodiscard]] Score distance() const;

 private:
  [[nodiscard]] double distance_of(const std::vector<bool>& kept) const;

  std::vector<IndexBlock> blocks_;
  double reference_rows_ = 0, reference_ = 0;
  std::vector<std::vector<double>> samples_;  // over ordered pairs, by block and block
  std::vector<double> across_;                // by block of samples
};

// KID as the mean over subsets, as published with it: row i of both index tensors (int64 [subsets, size]) names the
// rows of one subset. The standard deviation over the subsets has their number as divisor.
struct SubsetDistances {
  std::vector<double> per_subset;
  double mean = 0;
  double deviation = 0;
};
SubsetDistances kernel_distances_of_subsets(const at::Tensor& samples, const at::Tensor& reference,
                                            const at::Tensor& sample_rows, const at::Tensor& reference_rows);

}  // namespace checkerlab::model
