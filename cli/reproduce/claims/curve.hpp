// FID of one scale ratio by total steps, read between the measured points. Pure and thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/reproduce/claims/significance.hpp"

namespace checkerlab::cli::reproduce {

struct CurvePoint {
  int total_steps = 0;  // ≥ 1
  Estimate fid;
};

struct Curve {
  std::string ratio;               // as in the definition: "sqrt2", "2", "single"
  std::vector<CurvePoint> points;  // ascending in total_steps, each once
};

// FID at `total_steps`, linear in log(total steps) between the two measured neighbours; the standard error is that of
// the weighted mean, the error of the straight line is not part of it. Nothing outside the measured range.
std::optional<Estimate> fid_at(const Curve& curve, int total_steps);

// Total steps at which at least one of the two curves was measured and both have a value, ascending.
std::vector<int> common_totals(const Curve& a, const Curve& b);

// The curve of `ratio`, or null when it has no points.
const Curve* find_curve(const std::vector<Curve>& curves, const std::string& ratio);

// The point with the least FID; null for a curve without points.
const CurvePoint* least(const std::vector<CurvePoint>& points);

}  // namespace checkerlab::cli::reproduce
