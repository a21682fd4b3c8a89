// When a difference counts. Pure and thread-safe.
#pragma once

#include <cstddef>
#include <optional>

namespace checkerlab::cli::reproduce {

// A number with its standard error.
struct Estimate {
  double value = 0;
  double standard_error = 0;
};

// a − b of independent estimates.
Estimate difference(const Estimate& a, const Estimate& b);

// `estimate` with a further, independent standard error of `relative` times its value.
Estimate widened(const Estimate& estimate, double relative);

// How many standard errors one of `comparisons` normally distributed differences may be away from zero before it
// counts: all together are wrong with a probability of at most 5 % (Bonferroni). 1.96 for one comparison. comparisons
// ≥ 1.
double critical_value(std::size_t comparisons);

// Standard error of an FID that came without one: published evaluations call differences of 1.3 % between two runs of
// one model noise; as two standard errors of a difference that is 0.46 % for a run.
inline constexpr double kRunNoise = 0.0046;
// Standard deviation of one training about the others, as a part of FID: training anew moves FID about three times as
// much as evaluating anew.
inline constexpr double kTrainingNoise = 3 * kRunNoise;

// An FID as an estimate; without a finite, positive uncertainty with that of kRunNoise.
Estimate fid_estimate(double value, std::optional<double> uncertainty);

}  // namespace checkerlab::cli::reproduce
