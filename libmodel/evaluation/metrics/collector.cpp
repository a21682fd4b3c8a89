#include "libmodel/evaluation/metrics/collector.hpp"

#include <torch/types.h>

#include <algorithm>

#include "base/error.hpp"
#include "libmodel/evaluation/ranges.hpp"

namespace checkerlab::model {

FeatureCollector::FeatureCollector(std::int64_t expected, std::int64_t blocks, CollectorNeeds needs, std::string what,
                                   c10::Device device)
    : expected_(expected),
      blocks_(equal_blocks(expected, blocks)),
      needs_(needs),
      what_(std::move(what)),
      device_(device) {
  if (expected < 1) throw Error(ErrorCode::invalid_argument, what_ + " have no rows");
}

bool FeatureCollector::take_range(std::int64_t begin, std::int64_t end) {
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorCode::invalid_argument, "the rows " + range_text(begin, end) + " of " + what_ + why);
  };
  if (begin < 0 || end > expected_) refuse(" are beyond the " + std::to_string(expected_) + " that were expected");
  const auto next = ranges_.upper_bound(begin);
  if (next != ranges_.begin()) {
    const auto before = std::prev(next);
    if (before->first == begin && before->second == end) return false;
    if (before->second > begin) refuse(" overlap the rows " + range_text(before->first, before->second));
  }
  if (next != ranges_.end() && next->first < end) refuse(" overlap the rows " + range_text(next->first, next->second));
  ranges_.emplace(begin, end);
  return true;
}

void FeatureCollector::check(const at::Tensor& rows, const char* name, std::int64_t begin, std::int64_t count) {
  const std::string tensor = std::string(name) + " of " + what_;
  if (!rows.defined()) throw Error(ErrorCode::invalid_argument, "there is no " + tensor);
  if (rows.dim() != 2 || rows.size(0) != count || !rows.is_floating_point()) {
    throw Error(ErrorCode::invalid_argument, tensor + " must be numbers [N,D] with one row for each image");
  }
  const auto width = widths_.emplace(name, rows.size(1)).first->second;
  if (width != rows.size(1) || width < 1) {
    throw Error(ErrorCode::invalid_argument,
                tensor + " is " + std::to_string(rows.size(1)) + " wide here and " + std::to_string(width) + " before");
  }
  const auto broken = rows.isfinite().all(1).logical_not().nonzero();
  if (broken.size(0) > 0) {
    throw Error(ErrorCode::not_finite, "row " + std::to_string(begin + broken[0].item<std::int64_t>()) + " of " +
                                           tensor + " holds NaN or infinity");
  }
}

void FeatureCollector::add_summary(std::optional<SummaryBuilder>& builder, std::int64_t begin, const at::Tensor& rows) {
  if (!builder) builder.emplace(expected_, rows.size(1), blocks_, device_);
  builder->add(begin, rows);
}

void FeatureCollector::add_rows(at::Tensor& all, std::int64_t begin, const at::Tensor& rows) const {
  if (!all.defined()) all = at::empty({expected_, rows.size(1)}, rows.options().device(at::kCPU));
  all.slice(0, begin, begin + rows.size(0)).copy_(rows);
}

void FeatureCollector::add(std::int64_t begin, const NetworkFeatures& features) {
  const auto& some = features.pool.defined()     ? features.pool
                     : features.logits.defined() ? features.logits
                                                 : features.spatial;
  if (!some.defined() || some.dim() != 2) throw Error(ErrorCode::invalid_argument, "there are no features of " + what_);
  const auto count = some.size(0);
  if (count == 0) return;
  if (needs_.pool || needs_.rows) check(features.pool, "pool3", begin, count);
  if (needs_.spatial) check(features.spatial, "spatial", begin, count);
  if (needs_.logits) check(features.logits, "logits", begin, count);
  if (!take_range(begin, begin + count)) return;
  if (needs_.pool) add_summary(pool_, begin, features.pool);
  if (needs_.spatial) add_summary(spatial_, begin, features.spatial);
  if (needs_.rows) add_rows(rows_, begin, features.pool);
  if (needs_.logits) add_rows(logits_, begin, features.logits);
}

std::int64_t FeatureCollector::contiguous_end() const {
  std::int64_t end = 0;
  for (const auto& [begin, next] : ranges_) {
    if (begin != end) {
      throw Error(ErrorCode::invalid_argument, "the rows " + range_text(end, begin) + " of " + what_ + " are missing");
    }
    end = next;
  }
  if (end == 0) throw Error(ErrorCode::invalid_argument, what_ + " have no rows");
  return end;
}

CollectedFeatures FeatureCollector::finish() {
  const auto count = contiguous_end();
  CollectedFeatures result;
  for (const auto& block : blocks_) {
    if (block.begin < std::min(count, block.end)) result.blocks.push_back({block.begin, std::min(count, block.end)});
  }
  if (count < kMinSamples) result.blocks = {{0, count}};
  if (pool_) result.pool = pool_->finish(result.blocks);
  if (spatial_) result.spatial = spatial_->finish(result.blocks);
  if (rows_.defined()) result.rows = rows_.slice(0, 0, count);
  if (logits_.defined()) result.logits = logits_.slice(0, 0, count);
  return result;
}

}  // namespace checkerlab::model
