// From measured points to curves of FID by total steps. Pure and thread-safe.
#pragma once

#include <string>
#include <vector>

#include "cli/reproduce/claims/curve.hpp"
#include "cli/reproduce/data/points.hpp"

namespace checkerlab::cli::reproduce {

// Points that were measured alike, as curves. Network, reference, evaluator, N, precision and the models' mixing are
// the same for all; seeds and code versions may differ.
struct CurveSet {
  std::string how;  // in words
  std::vector<Curve> curves;
};

// One set a way of measuring, in order of appearance; inside one, ratios in order of appearance. Each point of a curve
// is the guidance with the least FID. Over seeds, FID is the mean; its standard error is the larger of the one that the
// single ones give, √Σu²/k, and the one of their spread. Points without FID are left out.
std::vector<CurveSet> curve_sets(const std::vector<MeasuredPoint>& points);

}  // namespace checkerlab::cli::reproduce
