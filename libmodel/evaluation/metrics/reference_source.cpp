#include "libmodel/evaluation/metrics/reference_source.hpp"

#include "base/error.hpp"

namespace checkerlab::model {

ReferenceSource::ReferenceSource(std::string name, std::optional<Moments> pool, std::optional<Moments> spatial,
                                 std::int64_t count, std::unique_ptr<FeatureSource> features)
    : name_(std::move(name)),
      pool_(std::move(pool)),
      spatial_(std::move(spatial)),
      moments_count_(count),
      features_(std::move(features)) {}

bool ReferenceSource::can(Metric metric) const {
  const bool rows = features_ != nullptr && features_->has_pool();
  switch (metric) {
    case Metric::fid:
    case Metric::fid_infinity:
      return pool_ || rows;
    case Metric::sfid:
      return spatial_ || (features_ != nullptr && features_->has_spatial());
    case Metric::is:
      return true;
    case Metric::pr:
    case Metric::kid:
    case Metric::dc:
      return rows;
  }
  return false;
}

std::string ReferenceSource::found() const {
  std::string text;
  const auto add = [&](const std::string& more) { text += (text.empty() ? "" : ", ") + more; };
  if (pool_) add("mean and covariance");
  if (spatial_) add("mean and covariance of spatial");
  if (features_) add(features_->found());
  return text.empty() ? "nothing that can be compared without a network" : text;
}

MetricReference ReferenceSource::collect(const std::set<Metric>& metrics, c10::Device device, Observer& observer) {
  for (const auto metric : metrics) {
    if (can(metric)) continue;
    throw Error(ErrorCode::invalid_argument,
                "the reference " + name_ + " lacks what " + std::string(to_string(metric)) + " needs (" +
                    (metric == Metric::sfid ? "spatial" : "pool3") + "); it has: " + found(),
                "Leave it out of --metrics, give --network where the reference has images, or another reference");
  }
  auto needs = reference_needs(metrics);
  needs.pool = needs.pool && !pool_;
  needs.spatial = needs.spatial && !spatial_;
  MetricReference reference;
  if (needs.pool || needs.spatial || needs.rows) {
    auto features =
        model::collect(*features_, needs, features_->size(), 1, "the rows of the reference", device, observer);
    rows_ = features.size();
    reference = MetricReference::of(std::move(features), device);
  }
  const auto sample = sample_needs(metrics);
  if (sample.pool && pool_) reference.pool = std::make_unique<FrechetTarget>(*pool_, device);
  if (sample.spatial && spatial_) reference.spatial = std::make_unique<FrechetTarget>(*spatial_, device);
  return reference;
}

std::optional<std::int64_t> ReferenceSource::count() const {
  if (rows_ > 0) return rows_;
  if (moments_count_ > 0) return moments_count_;
  return std::nullopt;
}

}  // namespace checkerlab::model
