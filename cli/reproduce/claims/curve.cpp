#include "cli/reproduce/claims/curve.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace checkerlab::cli::reproduce {

std::optional<Estimate> fid_at(const Curve& curve, int total_steps) {
  const auto& points = curve.points;
  const auto above =
      std::ranges::lower_bound(points, total_steps, {}, [](const CurvePoint& point) { return point.total_steps; });
  if (above == points.end()) return std::nullopt;
  if (above->total_steps == total_steps) return above->fid;
  if (above == points.begin()) return std::nullopt;
  const CurvePoint& a = *std::prev(above);
  const CurvePoint& b = *above;
  const double weight = std::log(static_cast<double>(total_steps) / a.total_steps) /
                        std::log(static_cast<double>(b.total_steps) / a.total_steps);
  return Estimate{(1 - weight) * a.fid.value + weight * b.fid.value,
                  std::hypot((1 - weight) * a.fid.standard_error, weight * b.fid.standard_error)};
}

std::vector<int> common_totals(const Curve& a, const Curve& b) {
  std::set<int> totals;
  for (const Curve* curve : {&a, &b}) {
    for (const CurvePoint& point : curve->points) {
      if (fid_at(a, point.total_steps) && fid_at(b, point.total_steps)) totals.insert(point.total_steps);
    }
  }
  return {totals.begin(), totals.end()};
}

const Curve* find_curve(const std::vector<Curve>& curves, const std::string& ratio) {
  const auto found = std::ranges::find(curves, ratio, &Curve::ratio);
  return found == curves.end() || found->points.empty() ? nullptr : &*found;
}

const CurvePoint* least(const std::vector<CurvePoint>& points) {
  const auto best = std::ranges::min_element(points, {}, [](const CurvePoint& point) { return point.fid.value; });
  return best == points.end() ? nullptr : &*best;
}

}  // namespace checkerlab::cli::reproduce
