// What a Fréchet distance needs of the features of one set, block by block, so that it can be had without any block.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "libmodel/evaluation/metrics/jackknife.hpp"
#include "libmodel/evaluation/sufficient_statistics.hpp"

namespace checkerlab::model {

// Of n vectors of `width` numbers in index blocks: the vectors themselves where n <= width (which is less, and exact),
// else n, Σx, Σxxᵀ of each block in fp64. Both on the CPU. A value; safe to read from several threads.
class FeatureSummary {
 public:
  // rows [n,D], blocks that make up 0 ... n-1.
  FeatureSummary(at::Tensor rows, std::vector<IndexBlock> blocks);
  // One part for each block.
  FeatureSummary(std::vector<SufficientStatistics> parts, std::vector<IndexBlock> blocks);

  [[nodiscard]] std::int64_t size() const { return blocks_.back().end; }
  [[nodiscard]] std::int64_t width() const;
  [[nodiscard]] const std::vector<IndexBlock>& blocks() const { return blocks_; }
  [[nodiscard]] bool has_rows() const { return rows_.defined(); }

  // Of the given blocks. rows_of: only where has_rows(). moments_of throws Error where fewer than two rows are left.
  [[nodiscard]] at::Tensor rows_of(std::span<const std::size_t> blocks) const;
  [[nodiscard]] Moments moments_of(std::span<const std::size_t> blocks) const;

  [[nodiscard]] std::vector<std::size_t> all() const;
  [[nodiscard]] std::vector<std::size_t> all_but(std::size_t left_out) const;

 private:
  std::vector<IndexBlock> blocks_;
  at::Tensor rows_;
  std::vector<SufficientStatistics> parts_;
};

// Gathers a summary from ranges of rows in any order; the same range again counts once. Not thread-safe.
class SummaryBuilder {
 public:
  // `device` is where products are accumulated. `n` rows are expected.
  SummaryBuilder(std::int64_t n, std::int64_t width, std::vector<IndexBlock> blocks, c10::Device device);

  // Rows `begin` and on: [r,D] of a float type, all new to the builder and finite.
  void add(std::int64_t begin, const at::Tensor& rows);

  // Of the blocks given now: those of the constructor, shortened where fewer rows came, or one of all rows.
  FeatureSummary finish(std::vector<IndexBlock> blocks);

 private:
  void add_to_block(std::size_t block, const at::Tensor& rows);
  void flush();

  std::vector<IndexBlock> blocks_;
  c10::Device device_;
  at::Tensor rows_;
  std::vector<SufficientStatistics> parts_;
  std::vector<at::Tensor> pending_;  // of block pending_block_, not yet in its sums
  std::size_t pending_block_ = 0;
  std::int64_t pending_rows_ = 0;
};

}  // namespace checkerlab::model
