// All metrics of a set of samples against a reference.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libmodel/evaluation/inception_score.hpp"
#include "libmodel/evaluation/metrics/collector.hpp"
#include "libmodel/evaluation/metrics/frechet_target.hpp"
#include "libmodel/observer.hpp"

namespace checkerlab::model {

enum class Metric { fid, sfid, is, pr, kid, dc, fid_infinity };

// "fid", "sfid", "is", "pr" (precision and recall), "kid", "dc" (density and coverage), "fid_infinity". Throws
// Error(invalid_argument) that lists them for another name.
Metric metric_from_string(std::string_view name);
std::string_view to_string(Metric metric);

struct MetricSettings {
  std::set<Metric> metrics;
  std::int64_t is_block = kInceptionBlock;
  std::int64_t neighbours = 3;
  c10::Device device = c10::kCPU;
};

// What a set's collector must keep for these metrics.
CollectorNeeds sample_needs(const std::set<Metric>& metrics);
CollectorNeeds reference_needs(const std::set<Metric>& metrics);

struct MetricReference {
  std::unique_ptr<FrechetTarget> pool, spatial;
  at::Tensor rows;  // pool features of its images, where a metric needs them

  // Of features; what a metric needs and `features` lacks stays absent.
  static MetricReference of(CollectedFeatures features, c10::Device device);
};

struct MetricValues {
  std::vector<std::pair<std::string, Score>> scores;    // by field name: "fid", "inception_score_std", "precision", …
  std::vector<std::int64_t> is_blocks;                  // rows of each block of the inception score
  std::vector<std::pair<std::string, double>> seconds;  // "fid", "sfid", "is", "pairs" (pr, kid and dc together), …
};

// Throws Error: invalid_argument (a metric lacks features, k >= n, widths differ), not_finite, cancelled. Releases what
// of `samples` is no longer needed as it goes.
MetricValues evaluate(CollectedFeatures samples, MetricReference& reference, const MetricSettings& settings,
                      Observer& observer);

}  // namespace checkerlab::model
