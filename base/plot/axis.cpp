#include "base/plot/axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace checkerlab::plot {
namespace {

constexpr double kTolerance = 1e-9;

double round_step(double rough) {
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : std::array{1.0, 2.0, 5.0}) {
    if (factor * power >= rough * (1 - kTolerance)) return factor * power;
  }
  return 10 * power;
}

std::vector<double> scaled_powers_of_two(double low, double high, double factor) {
  std::vector<double> ticks;
  const double first = std::ceil(std::log2(low / factor) - kTolerance);
  for (double tick = factor * std::exp2(first); tick <= high * (1 + kTolerance); tick *= 2)
    ticks.push_back(tick);
  return ticks;
}

}  // namespace

Axis::Axis(bool logarithmic, double low, double high, double from, double to)
    : logarithmic_(logarithmic), low_(low), high_(high), from_(from), to_(to) {}

Axis Axis::linear(double low, double high, double from, double to) {
  if (high <= low) {
    const double half = std::max(std::abs(low) * 0.1, 0.5);
    return {false, low - half, low + half, from, to};
  }
  return {false, low, high, from, to};
}

Axis Axis::log2(double low, double high, double from, double to) {
  if (high <= low) return {true, low / 2, low * 2, from, to};
  return {true, low, high, from, to};
}

double Axis::scaled(double value) const {
  return logarithmic_ ? std::log2(value) : value;
}

double Axis::at(double value) const {
  const double share = (scaled(value) - scaled(low_)) / (scaled(high_) - scaled(low_));
  return from_ + share * (to_ - from_);
}

std::vector<double> linear_ticks(double low, double high, int wanted) {
  std::vector<double> ticks;
  if (high <= low) return ticks;
  const double step = round_step((high - low) / wanted);
  const auto first = static_cast<long long>(std::ceil(low / step - kTolerance));
  const auto last = static_cast<long long>(std::floor(high / step + kTolerance));
  for (long long i = first; i <= last; ++i)
    ticks.push_back(static_cast<double>(i) * step);
  return ticks;
}

int tick_decimals(const std::vector<double>& ticks) {
  if (ticks.size() < 2) return 2;
  return std::max(0, -static_cast<int>(std::floor(std::log10(ticks[1] - ticks[0]) + kTolerance)));
}

std::vector<double> log2_ticks(double low, double high) {
  std::vector<double> ticks = scaled_powers_of_two(low, high, 1);
  if (ticks.size() >= 3 || low < 2) return ticks;
  const auto between = scaled_powers_of_two(low, high, 1.5);
  ticks.insert(ticks.end(), between.begin(), between.end());
  std::sort(ticks.begin(), ticks.end());
  return ticks;
}

}  // namespace checkerlab::plot
