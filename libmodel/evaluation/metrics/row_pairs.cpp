#include "libmodel/evaluation/metrics/row_pairs.hpp"

#include <torch/types.h>

#include <algorithm>
#include <limits>

#include "base/error.hpp"

namespace checkerlab::model {

namespace {

constexpr const char* kWhat = "comparing features";

// Rows of a piece: a tile of fp64 then has 8 MiB on the CPU, 128 MiB on a GPU.
std::int64_t piece_rows(c10::Device device) {
  return device.is_cuda() ? 4096 : 1024;
}

void visit_tile(const RowPiece& left, const RowPiece& right, bool diagonal, const TileVisitor& visit) {
  visit({left, right, left.rows.matmul(right.rows.t()), diagonal});
}

}  // namespace

RowSet::RowSet(const at::Tensor& features, std::vector<IndexBlock> blocks, c10::Device device)
    : blocks_(std::move(blocks)) {
  if (features.dim() != 2 || features.size(0) < 1 || !features.is_floating_point()) {
    throw Error(ErrorCode::invalid_argument, "features must be numbers [N,D] of at least one row");
  }
  features_ = features.to(device);
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    for (auto begin = blocks_[b].begin; begin < blocks_[b].end; begin += piece_rows(device))
      ranges_.push_back({b, {begin, std::min(begin + piece_rows(device), blocks_[b].end)}});
  }
}

RowPiece RowSet::piece(std::size_t i) const {
  const auto& [block, range] = ranges_[i];
  RowPiece piece{range.begin, range.end, block, features_.slice(0, range.begin, range.end).to(at::kDouble), {}};
  piece.norms = piece.rows.square().sum(1);
  return piece;
}

at::Tensor PairTile::squared_distances() const {
  auto distances = products * -2;
  distances += left.norms.unsqueeze(1);
  distances += right.norms.unsqueeze(0);
  distances.clamp_min_(0);
  if (diagonal) distances.fill_diagonal_(std::numeric_limits<double>::infinity());
  return distances;
}

void for_each_tile(const RowSet& left, const RowSet& right, Observer& observer, const TileVisitor& visit) {
  if (left.width() != right.width()) {
    throw Error(ErrorCode::invalid_argument, "the samples have " + std::to_string(left.width()) +
                                                 " features and the reference has " + std::to_string(right.width()) +
                                                 ": they are not of one network");
  }
  const auto total = static_cast<std::int64_t>(left.pieces() * right.pieces());
  std::int64_t done = 0;
  for (std::size_t i = 0; i < left.pieces(); ++i) {
    const auto rows = left.piece(i);
    for (std::size_t j = 0; j < right.pieces(); ++j) {
      throw_if_cancelled(observer, kWhat);
      visit_tile(rows, right.piece(j), false, visit);
      observer.progress(++done, total, "blocks of pairs");
    }
  }
}

void for_each_own_tile(const RowSet& set, Observer& observer, const TileVisitor& visit) {
  const auto total = static_cast<std::int64_t>(set.pieces() * (set.pieces() + 1) / 2);
  std::int64_t done = 0;
  for (std::size_t i = 0; i < set.pieces(); ++i) {
    const auto rows = set.piece(i);
    for (std::size_t j = i; j < set.pieces(); ++j) {
      throw_if_cancelled(observer, kWhat);
      visit_tile(rows, j == i ? rows : set.piece(j), j == i, visit);
      observer.progress(++done, total, "blocks of pairs");
    }
  }
}

}  // namespace checkerlab::model
