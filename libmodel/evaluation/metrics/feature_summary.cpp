#include "libmodel/evaluation/metrics/feature_summary.hpp"

#include <torch/types.h>

#include <algorithm>

#include "base/error.hpp"

namespace checkerlab::model {

namespace {

// Rows that one product takes: enough for it not to be bound by reading and writing Σxxᵀ.
constexpr std::int64_t kRowsAtOnce = 512;

}  // namespace

FeatureSummary::FeatureSummary(at::Tensor rows, std::vector<IndexBlock> blocks)
    : blocks_(std::move(blocks)), rows_(std::move(rows)) {}

FeatureSummary::FeatureSummary(std::vector<SufficientStatistics> parts, std::vector<IndexBlock> blocks)
    : blocks_(std::move(blocks)), parts_(std::move(parts)) {}

std::int64_t FeatureSummary::width() const {
  return has_rows() ? rows_.size(1) : parts_.front().width();
}

at::Tensor FeatureSummary::rows_of(std::span<const std::size_t> blocks) const {
  std::vector<at::Tensor> kept;
  for (const auto b : blocks)
    kept.push_back(rows_.slice(0, blocks_[b].begin, blocks_[b].end));
  return at::cat(kept);
}

Moments FeatureSummary::moments_of(std::span<const std::size_t> blocks) const {
  if (has_rows()) {
    const auto rows = rows_of(blocks).to(at::kDouble);
    if (rows.size(0) < 2) return moments(accumulate(rows));  // which says what is wrong
    const auto mean = rows.mean(0);
    const auto centred = rows - mean;
    return {mean, centred.t().matmul(centred) / static_cast<double>(rows.size(0) - 1)};
  }
  const auto& first = parts_[blocks.front()];
  SufficientStatistics total{first.n, first.sum.clone(), first.outer.clone()};
  for (const auto b : blocks.subspan(1)) {
    total.n += parts_[b].n;
    total.sum += parts_[b].sum;
    total.outer += parts_[b].outer;
  }
  return moments(total);
}

std::vector<std::size_t> FeatureSummary::all() const {
  return all_but(blocks_.size());
}

std::vector<std::size_t> FeatureSummary::all_but(std::size_t left_out) const {
  std::vector<std::size_t> kept;
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    if (b != left_out) kept.push_back(b);
  }
  return kept;
}

SummaryBuilder::SummaryBuilder(std::int64_t n, std::int64_t width, std::vector<IndexBlock> blocks, c10::Device device)
    : blocks_(std::move(blocks)), device_(device) {
  if (n <= width) {
    rows_ = at::zeros({n, width}, at::kDouble);
    return;
  }
  const auto options = at::TensorOptions(at::kDouble).device(device);
  for (std::size_t b = 0; b < blocks_.size(); ++b)
    parts_.push_back({0, at::zeros({width}, options), at::zeros({width, width}, options)});
}

void SummaryBuilder::add(std::int64_t begin, const at::Tensor& rows) {
  const auto end = begin + rows.size(0);
  if (rows_.defined()) {
    rows_.slice(0, begin, end).copy_(rows);
    return;
  }
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const auto from = std::max(begin, blocks_[b].begin), to = std::min(end, blocks_[b].end);
    if (from < to) add_to_block(b, rows.slice(0, from - begin, to - begin));
  }
}

void SummaryBuilder::add_to_block(std::size_t block, const at::Tensor& rows) {
  if (block != pending_block_) flush();
  pending_block_ = block;
  for (std::int64_t done = 0; done < rows.size(0);) {
    const auto some = std::min(rows.size(0) - done, kRowsAtOnce - pending_rows_);
    pending_.push_back(rows.slice(0, done, done + some).clone());
    pending_rows_ += some;
    done += some;
    if (pending_rows_ == kRowsAtOnce) flush();
  }
}

void SummaryBuilder::flush() {
  if (pending_rows_ == 0) return;
  const auto wide = at::cat(pending_).to(device_, at::kDouble);
  auto& part = parts_[pending_block_];
  part.n += wide.size(0);
  part.sum += wide.sum(0);
  part.outer.addmm_(wide.t(), wide);
  pending_.clear();
  pending_rows_ = 0;
}

FeatureSummary SummaryBuilder::finish(std::vector<IndexBlock> blocks) {
  if (rows_.defined()) return {rows_.slice(0, 0, blocks.back().end), std::move(blocks)};
  flush();
  for (auto& part : parts_)
    part = {part.n, part.sum.cpu(), part.outer.cpu()};
  if (blocks.size() == 1) {
    for (std::size_t b = 1; b < parts_.size(); ++b)
      parts_.front() = merge(parts_.front(), parts_[b]);
    parts_.resize(1);
  }
  parts_.erase(std::remove_if(parts_.begin(), parts_.end(), [](const auto& part) { return part.n == 0; }),
               parts_.end());
  return {std::move(parts_), std::move(blocks)};
}

}  // namespace checkerlab::model
