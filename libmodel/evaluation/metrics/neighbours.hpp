// Distances to the k-th nearest neighbour within one set, also without any one of its index blocks.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "libmodel/evaluation/metrics/row_pairs.hpp"

namespace checkerlab::model {

// Keeps the k smallest distances of every row to each index block: the k smallest of all but one block are among them,
// so one pass over the pairs gives all radii. fp64 [blocks, N, k] on the set's device. Not thread-safe.
class NeighbourTable {
 public:
  // Throws Error(invalid_argument) when k < 1 or k >= N ("too few rows").
  NeighbourTable(const RowSet& set, std::int64_t k, const char* what);

  // A tile of for_each_own_tile, with its squared distances.
  void add(const PairTile& tile, const at::Tensor& distances);

  // Squared distance of each row to its k-th nearest neighbour other than itself, fp64 [N].
  [[nodiscard]] at::Tensor radii() const;
  // The same where the rows of a block are no neighbours; infinite where fewer than k are left.
  [[nodiscard]] at::Tensor radii_without(std::size_t block) const;

 private:
  void keep_smallest(std::size_t block, std::int64_t begin, const at::Tensor& distances);
  [[nodiscard]] at::Tensor kth_smallest(const at::Tensor& table) const;

  std::int64_t k_;
  at::Tensor smallest_;
};

}  // namespace checkerlab::model
