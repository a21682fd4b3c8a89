#include "libmodel/evaluation/metrics/neighbours.hpp"

#include <torch/types.h>

#include <algorithm>
#include <limits>

#include "base/error.hpp"

namespace checkerlab::model {

NeighbourTable::NeighbourTable(const RowSet& set, std::int64_t k, const char* what) : k_(k) {
  if (k < 1 || k >= set.size()) {
    throw Error(ErrorCode::invalid_argument,
                "neighbour " + std::to_string(k) + " of a row does not exist: " + what + " has " +
                    std::to_string(set.size()) + " rows",
                "Give --neighbours a value from 1 to less than the number of rows");
  }
  smallest_ = at::full({static_cast<std::int64_t>(set.blocks().size()), set.size(), k},
                       std::numeric_limits<double>::infinity(), at::TensorOptions(at::kDouble).device(set.device()));
}

void NeighbourTable::add(const PairTile& tile, const at::Tensor& distances) {
  keep_smallest(tile.right.block, tile.left.begin, distances);
  if (!tile.diagonal) keep_smallest(tile.left.block, tile.right.begin, distances.t().contiguous());
}

void NeighbourTable::keep_smallest(std::size_t block, std::int64_t begin, const at::Tensor& distances) {
  auto kept = smallest_[static_cast<std::int64_t>(block)].slice(0, begin, begin + distances.size(0));
  const auto nearest = std::get<0>(distances.topk(std::min(k_, distances.size(1)), 1, false, false));
  kept.copy_(std::get<0>(at::cat({kept, nearest}, 1).topk(k_, 1, false, false)));
}

at::Tensor NeighbourTable::kth_smallest(const at::Tensor& table) const {
  const auto rows = table.permute({1, 0, 2}).reshape({table.size(1), -1});
  return rows.size(1) < k_ ? at::full_like(rows.select(1, 0), std::numeric_limits<double>::infinity())
                           : std::get<0>(rows.topk(k_, 1, false, false)).amax(1);
}

at::Tensor NeighbourTable::radii() const {
  return kth_smallest(smallest_);
}

at::Tensor NeighbourTable::radii_without(std::size_t block) const {
  const auto left_out = static_cast<std::int64_t>(block);
  return kth_smallest(at::cat({smallest_.slice(0, 0, left_out), smallest_.slice(0, left_out + 1)}));
}

}  // namespace checkerlab::model
