// FID and sFID with their uncertainty, and FID without its bias in N.
#pragma once

#include "libmodel/evaluation/metrics/frechet_target.hpp"
#include "libmodel/observer.hpp"

namespace checkerlab::model {

// FID of all samples with the jackknife's standard error: one distance for each block and one for all. On spatial
// features this is sFID (Nash et al. 2021, arXiv 2103.03841). Throws what FrechetTarget::distance throws; cancelled.
Score frechet_score(FrechetTarget& reference, const FeatureSummary& samples, Observer& observer);

// FID for infinitely many samples (Chong & Forsyth 2020, arXiv 1911.07023): FID has a bias that is close to linear in
// 1/N, so it is regressed on 1/N and the intercept taken. Point j = 1 ... g uses j of the g index blocks, taken round
// the circle one after another (point j begins where point j-1 ended), so that points share as few samples as they can
// and nothing is drawn. The uncertainty is the ordinary least squares standard error of the intercept; it takes the
// points as independent, which those that share samples are not. The smallest point has N/10 samples and should have
// more than the features' width; below that the bias is no longer linear. `all`: the FID of all samples where it is
// known. Throws Error(invalid_argument) below kMinSamples samples.
Score frechet_infinity(FrechetTarget& reference, const FeatureSummary& samples, std::optional<double> all,
                       Observer& observer);

// The intercept of the least squares line through (x, y), at least three points, and its standard error.
Score regression_intercept(std::span<const double> x, std::span<const double> y);

}  // namespace checkerlab::model
