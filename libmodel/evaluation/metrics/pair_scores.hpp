// The metrics that compare rows with rows: precision and recall, density and coverage, KID.
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

#include "libmodel/evaluation/metrics/row_pairs.hpp"

namespace checkerlab::model {

struct PairMetrics {
  bool precision_recall = false;
  bool density_coverage = false;
  bool kernel_distance = false;
  std::int64_t neighbours = 3;
};

struct PairScores {
  std::optional<Score> precision, recall, density, coverage, kid;
  // What precision and recall came from, on the CPU; undefined where not asked for. Radii are squared.
  at::Tensor sample_radii, reference_radii;    // fp64
  at::Tensor sample_inside, reference_inside;  // bool
};

// One pass over the pairs of each set with itself, where a metric needs it, and one over samples and reference, for all
// metrics together. Inner products, and with them distances, are fp64: the right flag is what an exact distance gives,
// and fp32 would be twice as fast at most (pairs within a set are computed once for both rows). Reference radii come
// from the whole reference, sample radii from all samples but the block left out. Where fewer than k + 1 samples would
// be left without a block there is no uncertainty. Extra memory: a few tiles (tens of MiB on the CPU), and for each
// sample k numbers a block. Throws Error: invalid_argument (k >= n, widths differ), cancelled.
PairScores pair_scores(const RowSet& samples, const RowSet& reference, const PairMetrics& wanted, Observer& observer);

}  // namespace checkerlab::model
