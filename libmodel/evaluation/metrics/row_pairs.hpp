// Goes through all pairs of rows of one or two feature sets in tiles, so that memory does not grow with their number.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "libmodel/evaluation/metrics/jackknife.hpp"
#include "libmodel/observer.hpp"

namespace checkerlab::model {

// Rows of one set that one tile has; never of two index blocks.
struct RowPiece {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::size_t block = 0;
  at::Tensor rows;   // fp64 [end-begin, D]
  at::Tensor norms;  // fp64 [end-begin], squared
};

// The feature vectors of one set, kept in the type they have, on the computing device; pieces are widened to fp64 when
// they are used. Safe to read from several threads.
class RowSet {
 public:
  // features [N,D] of a float type; blocks that make up 0 ... N-1. Throws Error(invalid_argument) for another shape.
  RowSet(const at::Tensor& features, std::vector<IndexBlock> blocks, c10::Device device);

  [[nodiscard]] std::int64_t size() const { return features_.size(0); }
  [[nodiscard]] std::int64_t width() const { return features_.size(1); }
  [[nodiscard]] const std::vector<IndexBlock>& blocks() const { return blocks_; }
  [[nodiscard]] c10::Device device() const { return features_.device(); }
  [[nodiscard]] std::size_t pieces() const { return ranges_.size(); }
  [[nodiscard]] RowPiece piece(std::size_t i) const;

 private:
  at::Tensor features_;
  std::vector<IndexBlock> blocks_;
  std::vector<std::pair<std::size_t, IndexBlock>> ranges_;  // block, rows
};

// Pairs of some rows of one set with some of another, all fp64 on the device.
struct PairTile {
  RowPiece left, right;
  at::Tensor products;    // [L,R], the inner products
  bool diagonal = false;  // left and right are the same rows of the same set

  // max(|u|^2 - 2 uv + |v|^2, 0) [L,R]. On the diagonal the distance of a row to itself is infinite: it is no
  // neighbour.
  [[nodiscard]] at::Tensor squared_distances() const;
};

using TileVisitor = std::function<void(const PairTile&)>;

// Every row of `left` with every row of `right`. Reports progress in "blocks of pairs"; throws Error: invalid_argument
// (widths differ), cancelled, and what `visit` throws.
void for_each_tile(const RowSet& left, const RowSet& right, Observer& observer, const TileVisitor& visit);

// Every two rows of one set once: tiles whose left piece is not behind the right one. What a tile off the diagonal says
// of (left, right) holds for (right, left) as well.
void for_each_own_tile(const RowSet& set, Observer& observer, const TileVisitor& visit);

}  // namespace checkerlab::model
