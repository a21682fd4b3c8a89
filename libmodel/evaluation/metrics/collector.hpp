// Gathers the features of one set as they come, in memory that is bounded by what the metrics need.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "libmodel/evaluation/feature_network.hpp"
#include "libmodel/evaluation/metrics/feature_summary.hpp"

namespace checkerlab::model {

// What is kept of each image. For 50,000 images of the Inception: moments 0.34 GB each of pool and spatial in ten
// blocks, rows 0.41 GB, logits 0.2 GB.
struct CollectorNeeds {
  bool pool = false;     // blockwise statistics of pool (FID)
  bool spatial = false;  // of spatial (sFID)
  bool rows = false;     // pool itself (precision, recall, density, coverage, KID)
  bool logits = false;   // (inception score)
};

// All on the CPU, in index order. What was not needed is absent.
struct CollectedFeatures {
  std::vector<IndexBlock> blocks;  // of the jackknife
  std::optional<FeatureSummary> pool, spatial;
  at::Tensor rows;    // [N,D] as it came
  at::Tensor logits;  // [N,K] as it came

  [[nodiscard]] std::int64_t size() const { return blocks.back().end; }
};

// Ranges may come in any order; the same range again counts once. Any split into ranges gives the same values up to the
// rounding of fp64 sums, and the same bits where sums are exact. Not thread-safe.
class FeatureCollector {
 public:
  // At most `expected` images; `blocks` of equal_blocks(expected, blocks): 10 for samples, 1 for a reference.
  // `what` names the set in errors ("the samples"). Sums are accumulated on `device`.
  FeatureCollector(std::int64_t expected, std::int64_t blocks, CollectorNeeds needs, std::string what,
                   c10::Device device);

  // Images `begin` and on. Tensors that are not needed may be undefined. Throws Error: invalid_argument (ranges that
  // overlap but are not the same, rows beyond the expected, other widths or row counts than before, a needed tensor
  // that is undefined), not_finite naming tensor and row.
  void add(std::int64_t begin, const NetworkFeatures& features);

  // Throws Error(invalid_argument) where a gap is left or nothing came. Rows missing at the end shorten the last
  // blocks.
  CollectedFeatures finish();

  [[nodiscard]] const CollectorNeeds& needs() const { return needs_; }

 private:
  bool take_range(std::int64_t begin, std::int64_t end);
  void add_summary(std::optional<SummaryBuilder>& builder, std::int64_t begin, const at::Tensor& rows);
  void add_rows(at::Tensor& all, std::int64_t begin, const at::Tensor& rows) const;
  void check(const at::Tensor& rows, const char* name, std::int64_t begin, std::int64_t count);
  std::int64_t contiguous_end() const;

  std::int64_t expected_;
  std::vector<IndexBlock> blocks_;
  CollectorNeeds needs_;
  std::string what_;
  c10::Device device_;
  std::map<std::int64_t, std::int64_t> ranges_;  // begin, end
  std::map<std::string, std::int64_t> widths_;
  std::optional<SummaryBuilder> pool_, spatial_;
  at::Tensor rows_, logits_;
};

}  // namespace checkerlab::model
