#include "cli/reproduce/claims/significance.hpp"

#include <algorithm>
#include <cmath>

namespace checkerlab::cli::reproduce {

Estimate difference(const Estimate& a, const Estimate& b) {
  return {a.value - b.value, std::hypot(a.standard_error, b.standard_error)};
}

Estimate widened(const Estimate& estimate, double relative) {
  return {estimate.value, std::hypot(estimate.standard_error, relative * estimate.value)};
}

double critical_value(std::size_t comparisons) {
  const double wanted = 0.05 / static_cast<double>(std::max<std::size_t>(1, comparisons));
  // P(|z| > x) = erfc(x/√2) falls from 1 to 0.
  double low = 0, high = 40;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(middle / std::sqrt(2.0)) > wanted ? low : high) = middle;
  }
  return (low + high) / 2;
}

Estimate fid_estimate(double value, std::optional<double> uncertainty) {
  const bool known = uncertainty && std::isfinite(*uncertainty) && *uncertainty > 0;
  return {value, known ? *uncertainty : kRunNoise * std::abs(value)};
}

}  // namespace checkerlab::cli::reproduce
