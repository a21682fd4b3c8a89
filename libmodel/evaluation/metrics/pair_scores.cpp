#include "libmodel/evaluation/metrics/pair_scores.hpp"

#include <torch/types.h>

#include "libmodel/evaluation/metrics/kernel_sums.hpp"
#include "libmodel/evaluation/metrics/manifold_counts.hpp"

namespace checkerlab::model {

namespace {

// Neighbours and kernel sums within the two sets, then the balls between them.
class PairWork {
 public:
  PairWork(const RowSet& samples, const RowSet& reference, const PairMetrics& wanted, Observer& observer)
      : samples_(samples), reference_(reference), wanted_(wanted), observer_(observer) {
    if (wanted.kernel_distance) kernel_.emplace(samples, reference);
    if (wanted.precision_recall) near_samples_.emplace(samples, wanted.neighbours, "the sample set");
    if (balls_wanted()) near_reference_.emplace(reference, wanted.neighbours, "the reference");
  }

  void visit_reference() {
    if (!kernel_ && !near_reference_) return;
    for_each_own_tile(reference_, observer_, [&](const PairTile& tile) {
      if (kernel_) kernel_->add_reference(tile);
      if (near_reference_) near_reference_->add(tile, tile.squared_distances());
    });
  }

  void visit_samples() {
    if (!kernel_ && !near_samples_) return;
    for_each_own_tile(samples_, observer_, [&](const PairTile& tile) {
      if (kernel_) kernel_->add_samples(tile);
      if (near_samples_) near_samples_->add(tile, tile.squared_distances());
    });
  }

  void visit_across() {
    if (near_reference_) reference_balls_.emplace(samples_, reference_, near_reference_->radii(), wanted_.neighbours);
    if (near_samples_) sample_balls_.emplace(samples_, reference_, *near_samples_);
    for_each_tile(samples_, reference_, observer_, [&](const PairTile& tile) {
      if (kernel_) kernel_->add_across(tile);
      if (!reference_balls_) return;
      const auto distances = tile.squared_distances();
      reference_balls_->add(tile, distances);
      if (sample_balls_) sample_balls_->add(tile, distances);
    });
  }

  PairScores scores() const {
    PairScores scores;
    if (kernel_) scores.kid = kernel_->distance();
    if (wanted_.density_coverage) {
      scores.density = reference_balls_->density();
      scores.coverage = reference_balls_->coverage();
    }
    if (!wanted_.precision_recall) return scores;
    scores.precision = reference_balls_->precision();
    scores.recall = sample_balls_->recall();
    if (!recall_has_uncertainty()) scores.recall->uncertainty.reset();
    scores.sample_radii = near_samples_->radii().cpu();
    scores.reference_radii = near_reference_->radii().cpu();
    scores.sample_inside = reference_balls_->inside().cpu();
    scores.reference_inside = sample_balls_->inside().cpu();
    return scores;
  }

 private:
  bool balls_wanted() const { return wanted_.precision_recall || wanted_.density_coverage; }

  bool recall_has_uncertainty() const {
    for (const auto& block : samples_.blocks()) {
      if (samples_.size() - block.size() <= wanted_.neighbours) return false;
    }
    return true;
  }

  const RowSet& samples_;
  const RowSet& reference_;
  PairMetrics wanted_;
  Observer& observer_;
  std::optional<KernelSums> kernel_;
  std::optional<NeighbourTable> near_samples_, near_reference_;
  std::optional<ReferenceBalls> reference_balls_;
  std::optional<SampleBalls> sample_balls_;
};

}  // namespace

PairScores pair_scores(const RowSet& samples, const RowSet& reference, const PairMetrics& wanted, Observer& observer) {
  PairWork work(samples, reference, wanted, observer);
  work.visit_reference();
  work.visit_samples();
  work.visit_across();
  return work.scores();
}

}  // namespace checkerlab::model
