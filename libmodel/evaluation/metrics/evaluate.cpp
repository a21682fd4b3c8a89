#include "libmodel/evaluation/metrics/evaluate.hpp"

#include <torch/types.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/error.hpp"
#include "libmodel/evaluation/metrics/frechet_score.hpp"
#include "libmodel/evaluation/metrics/inception_blocks.hpp"
#include "libmodel/evaluation/metrics/pair_scores.hpp"

namespace checkerlab::model {

namespace {

constexpr std::array<std::pair<Metric, std::string_view>, 7> kNames{{{Metric::fid, "fid"},
                                                                     {Metric::sfid, "sfid"},
                                                                     {Metric::is, "is"},
                                                                     {Metric::pr, "pr"},
                                                                     {Metric::kid, "kid"},
                                                                     {Metric::dc, "dc"},
                                                                     {Metric::fid_infinity, "fid_infinity"}}};

bool compares_rows(const std::set<Metric>& metrics) {
  return metrics.contains(Metric::pr) || metrics.contains(Metric::kid) || metrics.contains(Metric::dc);
}

bool compares_pool(const std::set<Metric>& metrics) {
  return metrics.contains(Metric::fid) || metrics.contains(Metric::fid_infinity);
}

[[noreturn]] void lacks(const char* whose, const char* tensor, const char* metric) {
  throw Error(ErrorCode::invalid_argument, std::string(whose) + " has no " + tensor + ", which " + metric + " needs");
}

class Evaluation {
 public:
  Evaluation(CollectedFeatures samples, MetricReference& reference, const MetricSettings& settings, Observer& observer)
      : samples_(std::move(samples)), reference_(reference), settings_(settings), observer_(observer) {}

  MetricValues run() {
    if (compares_pool(settings_.metrics)) pool_distances();
    samples_.pool.reset();
    if (wants(Metric::sfid)) spatial_distance();
    samples_.spatial.reset();
    if (wants(Metric::is)) inception();
    samples_.logits.reset();
    if (compares_rows(settings_.metrics)) pairs();
    return std::move(values_);
  }

 private:
  using Clock = std::chrono::steady_clock;

  bool wants(Metric metric) const { return settings_.metrics.contains(metric); }

  void add(const char* name, const std::optional<Score>& score) {
    if (score) values_.scores.emplace_back(name, *score);
  }

  void finish(const char* stage) {
    const auto now = Clock::now();
    values_.seconds.emplace_back(stage, std::chrono::duration<double>(now - began_).count());
    began_ = now;
  }

  void pool_distances() {
    if (!samples_.pool) lacks("the sample set", "pool3", "fid");
    if (!reference_.pool) lacks("the reference", "pool3", "fid");
    std::optional<double> all;
    if (wants(Metric::fid)) {
      const auto score = frechet_score(*reference_.pool, *samples_.pool, observer_);
      all = score.value;
      add("fid", score);
      finish("fid");
    }
    if (!wants(Metric::fid_infinity)) return;
    add("fid_infinity", frechet_infinity(*reference_.pool, *samples_.pool, all, observer_));
    finish("fid_infinity");
  }

  void spatial_distance() {
    if (!samples_.spatial) lacks("the sample set", "spatial", "sfid");
    if (!reference_.spatial) lacks("the reference", "spatial", "sfid");
    add("sfid", frechet_score(*reference_.spatial, *samples_.spatial, observer_));
    finish("sfid");
  }

  void inception() {
    if (!samples_.logits.defined()) lacks("the sample set", "logits", "is");
    const auto score = inception_blocks(samples_.logits, settings_.is_block, samples_.blocks, settings_.device);
    add("inception_score", score.score);
    add("inception_score_std", score.deviation);
    values_.is_blocks = score.sizes;
    finish("is");
  }

  void pairs() {
    if (!samples_.rows.defined()) lacks("the sample set", "pool3", "a comparison of rows (pr, kid, dc)");
    if (!reference_.rows.defined()) lacks("the reference", "pool3 of images", "a comparison of rows (pr, kid, dc)");
    const RowSet samples(samples_.rows, samples_.blocks, settings_.device);
    const RowSet reference(reference_.rows, {{0, reference_.rows.size(0)}}, settings_.device);
    const PairMetrics wanted{.precision_recall = wants(Metric::pr),
                             .density_coverage = wants(Metric::dc),
                             .kernel_distance = wants(Metric::kid),
                             .neighbours = settings_.neighbours};
    const auto scores = pair_scores(samples, reference, wanted, observer_);
    add("precision", scores.precision);
    add("recall", scores.recall);
    add("kid", scores.kid);
    add("density", scores.density);
    add("coverage", scores.coverage);
    finish("pairs");
  }

  CollectedFeatures samples_;
  MetricReference& reference_;
  const MetricSettings& settings_;
  Observer& observer_;
  MetricValues values_;
  Clock::time_point began_ = Clock::now();
};

}  // namespace

Metric metric_from_string(std::string_view name) {
  std::string all;
  for (const auto& [metric, text] : kNames) {
    if (text == name) return metric;
    all += (all.empty() ? "" : ", ") + std::string(text);
  }
  throw Error(ErrorCode::invalid_argument, "there is no metric '" + std::string(name) + "'", "There are: " + all);
}

std::string_view to_string(Metric metric) {
  return std::find_if(kNames.begin(), kNames.end(), [&](const auto& entry) { return entry.first == metric; })->second;
}

CollectorNeeds sample_needs(const std::set<Metric>& metrics) {
  return {.pool = compares_pool(metrics),
          .spatial = metrics.contains(Metric::sfid),
          .rows = compares_rows(metrics),
          .logits = metrics.contains(Metric::is)};
}

CollectorNeeds reference_needs(const std::set<Metric>& metrics) {
  auto needs = sample_needs(metrics);
  needs.logits = false;
  return needs;
}

MetricReference MetricReference::of(CollectedFeatures features, c10::Device device) {
  MetricReference reference;
  if (features.pool) reference.pool = std::make_unique<FrechetTarget>(*features.pool, device);
  if (features.spatial) reference.spatial = std::make_unique<FrechetTarget>(*features.spatial, device);
  reference.rows = features.rows;
  return reference;
}

MetricValues evaluate(CollectedFeatures samples, MetricReference& reference, const MetricSettings& settings,
                      Observer& observer) {
  return Evaluation(std::move(samples), reference, settings, observer).run();
}

}  // namespace checkerlab::model
