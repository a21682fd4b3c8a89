// What samples are compared with, from whatever file it comes, with as little work as the metrics ask for.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "libmodel/evaluation/metrics/evaluate.hpp"
#include "libmodel/evaluation/metrics/feature_source.hpp"
#include "libmodel/evaluation/reference_file.hpp"

namespace checkerlab::model {

// Means and covariances of the file where it has them, else of features; rows always of features. Not thread-safe.
class ReferenceSource {
 public:
  // `features` may be null: then only what `moments` hold can be had.
  ReferenceSource(std::string name, std::optional<Moments> pool, std::optional<Moments> spatial, std::int64_t count,
                  std::unique_ptr<FeatureSource> features);

  [[nodiscard]] bool can(Metric metric) const;
  [[nodiscard]] std::string network() const { return features_ ? features_->network() : ""; }

  // Throws Error: invalid_argument where a metric cannot be had, naming what there is; what collecting throws.
  MetricReference collect(const std::set<Metric>& metrics, c10::Device device, Observer& observer);

  // After collect(): rows behind what was used, nothing where the file does not tell.
  [[nodiscard]] std::optional<std::int64_t> count() const;
  [[nodiscard]] std::string note() const { return features_ ? features_->note() : ""; }

 private:
  [[nodiscard]] std::string found() const;

  std::string name_;
  std::optional<Moments> pool_, spatial_;
  std::int64_t moments_count_, rows_ = 0;
  std::unique_ptr<FeatureSource> features_;
};

}  // namespace checkerlab::model
