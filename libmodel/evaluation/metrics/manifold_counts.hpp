// Precision and recall, density and coverage from the pairs of samples and reference.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "libmodel/evaluation/metrics/neighbours.hpp"

namespace checkerlab::model {

// Which samples lie in the reference's neighbourhoods. Balls have the squared radii of NeighbourTable; d is squared
// too.
//   precision (Kynkäänniemi et al. 2019, arXiv 1904.06991) = share of samples with d <= radius of some reference row
//   density   (Naeem et al. 2020, arXiv 2002.09797) = pairs with d < radius of the reference row / (k samples)
//   coverage  (the same) = share of reference rows with a sample at d < their radius
// Without a block of samples: the counts of the other blocks. Not thread-safe.
class ReferenceBalls {
 public:
  ReferenceBalls(const RowSet& samples, const RowSet& reference, at::Tensor radii, std::int64_t k);

  // A tile of (samples, reference) with its squared distances.
  void add(const PairTile& tile, const at::Tensor& distances);

  [[nodiscard]] Score precision() const;
  [[nodiscard]] Score density() const;
  [[nodiscard]] Score coverage() const;
  [[nodiscard]] at::Tensor inside() const { return inside_; }  // bool [samples], of precision

 private:
  std::vector<IndexBlock> blocks_;
  std::int64_t k_;
  at::Tensor radii_;    // [reference]
  at::Tensor inside_;   // bool [samples]
  at::Tensor balls_;    // int64 [samples], balls that hold the sample, strictly
  at::Tensor nearest_;  // fp64 [blocks, reference], the smallest distance to a sample of the block
};

// Which reference rows lie in the samples' neighbourhoods.
//   recall (Kynkäänniemi et al. 2019) = share of reference rows with d <= radius of some sample
// Without a block of samples the radii of the others grow, since neighbours are gone: a flag for every reference row
// and every block left out. Not thread-safe.
class SampleBalls {
 public:
  SampleBalls(const RowSet& samples, const RowSet& reference, const NeighbourTable& neighbours);

  void add(const PairTile& tile, const at::Tensor& distances);

  [[nodiscard]] Score recall() const;
  [[nodiscard]] at::Tensor inside() const { return inside_[0]; }  // bool [reference]

 private:
  at::Tensor radii_;   // fp64 [1 + blocks, samples]: all, without block 0, 1, ...; -1 for the samples left out
  at::Tensor widest_;  // fp64 [samples], the largest of them
  at::Tensor inside_;  // bool [1 + blocks, reference]
};

}  // namespace checkerlab::model
