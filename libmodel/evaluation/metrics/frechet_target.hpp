// Fréchet distances of many sets to one reference.
#pragma once

#include <c10/core/Device.h>

#include <optional>
#include <span>

#include "libmodel/evaluation/metrics/feature_summary.hpp"
#include "libmodel/evaluation/sufficient_statistics.hpp"

namespace checkerlab::model {

// The distance of frechet.hpp, Heusel et al. 2017 (arXiv 1706.08500), in fp64:
//   |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^1/2.
// The last trace is computed in whichever form is the least work:
// - both sets given as rows: the sum of the singular values of X1 X2ᵀ / sqrt((n1-1)(n2-1)), X centred: no square is
//   taken, so nothing is lost;
// - samples given as rows, n1 <= D: the eigenvalues of the n1 x n1 matrix X1 S2 X1ᵀ / (n1-1), the same as those of
//   S2^1/2 S1 S2^1/2 but for zeros;
// - else the eigenvalues of Fᵀ S1 F for some F Fᵀ = S2, computed once (spectrum.hpp); they are those of
//   S2^1/2 S1 S2^1/2.
// Eigenvalues that are rounding errors count as zero (spectrum.hpp). Decompositions run on `device` (cuSOLVER on CUDA).
// Not thread-safe.
class FrechetTarget {
 public:
  // Throws Error(not_finite) where a number is not.
  FrechetTarget(const Moments& reference, c10::Device device);
  FrechetTarget(const FeatureSummary& reference, c10::Device device);

  // Of the given blocks of the samples. Throws Error: invalid_argument (another width, fewer than two rows),
  // not_finite.
  double distance(const FeatureSummary& samples, std::span<const std::size_t> blocks);

  [[nodiscard]] std::int64_t width() const { return mean_.size(0); }

 private:
  double root_of_moments(const Moments& samples);
  double root_of_rows(const at::Tensor& centred) const;
  const at::Tensor& covariance() const;

  c10::Device device_;
  at::Tensor mean_, centred_rows_;  // the latter of a reference given as rows
  mutable at::Tensor covariance_;
  double trace_ = 0;
  at::Tensor root_;
};

}  // namespace checkerlab::model
