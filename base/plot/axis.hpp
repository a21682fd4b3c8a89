#pragma once
// Axes: where a number lands on the paper and which numbers are written beside it. Pure and thread-safe.
#include <vector>

namespace checkerlab::plot {

/// Maps [low, high] onto [from, to]; with `log2` in the logarithm of base 2 (then low must be above 0).
/// An empty or single-valued range is widened, so that `at` is always finite.
class Axis {
 public:
  static Axis linear(double low, double high, double from, double to);
  static Axis log2(double low, double high, double from, double to);

  [[nodiscard]] double at(double value) const;
  [[nodiscard]] double low() const { return low_; }
  [[nodiscard]] double high() const { return high_; }

 private:
  Axis(bool logarithmic, double low, double high, double from, double to);
  [[nodiscard]] double scaled(double value) const;

  bool logarithmic_;
  double low_;
  double high_;
  double from_;
  double to_;
};

/// Round numbers (1, 2 or 5 times a power of ten apart) inside [low, high], about `wanted` of them.
std::vector<double> linear_ticks(double low, double high, int wanted);

/// Decimals that tell neighbouring `linear_ticks` apart.
int tick_decimals(const std::vector<double>& ticks);

/// Powers of two inside [low, high]; where those are fewer than three, also their 1.5-fold values.
std::vector<double> log2_ticks(double low, double high);

}  // namespace checkerlab::plot
