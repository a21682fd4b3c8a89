#include "worker/jobs/reference_sums.hpp"

#include <ATen/ATen.h>

#include <algorithm>

#include "base/error.hpp"
#include "libmodel/checkpoint/safetensors.hpp"

namespace checkerlab::worker {
namespace {

void add_to(std::optional<model::SufficientStatistics>& sums, const at::Tensor& features) {
  auto more = model::accumulate(features);
  sums = sums ? model::merge(*sums, more) : std::move(more);
}

[[noreturn]] void lacks(const std::string& what, const std::string& fix) {
  throw Error(ErrorCode::invalid_data, "the reference has no " + what, fix);
}

}  // namespace

model::SufficientStatistics statistics_with(const model::Moments& moments, std::int64_t count) {
  const auto n = std::max<std::int64_t>(count, 2);
  const at::Tensor mean = moments.mean.to(at::kDouble);
  const double times = static_cast<double>(n);
  return {n, mean * times, moments.covariance.to(at::kDouble) * (times - 1) + at::outer(mean, mean) * times};
}

void ReferenceSums::add(const model::NetworkFeatures& found) {
  if (!published_pool_) add_to(pool_, found.pool);
  if (needs_.spatial && !published_spatial_) add_to(spatial_, found.spatial);
  if (needs_.features) rows_.push_back(found.pool);
}

void ReferenceSums::take_pool(const model::Moments& moments, std::int64_t count) {
  pool_ = statistics_with(moments, count);
  published_pool_ = true;
}

void ReferenceSums::take_spatial(const model::Moments& moments, std::int64_t count) {
  spatial_ = statistics_with(moments, count);
  published_spatial_ = true;
}

JobOutput ReferenceSums::write(const JobCall& call) const {
  if (!pool_) lacks("images and no moments", "name another file with evaluation.reference");
  JobOutput output{{{"n", static_cast<double>(pool_->n)}}, {{"statistics", call.output("statistics")}}, {}};
  model::write_statistics(call.output("statistics"), *pool_);
  if (needs_.spatial) {
    if (!spatial_) lacks("moments of spatial features", "leave sfid out of evaluation.metrics, or name another file");
    model::write_statistics(call.output("spatial_statistics"), *spatial_);
    output.artifacts["spatial_statistics"] = call.output("spatial_statistics");
  }
  if (needs_.features) {
    if (rows_.empty()) lacks("images", "leave pr, dc and kid out of evaluation.metrics, or name another file");
    model::write_safetensors(call.output("features"), {{{"pool", at::cat(rows_)}}, {{"kind", "reference_features"}}});
    output.artifacts["features"] = call.output("features");
  }
  return output;
}

}  // namespace checkerlab::worker
