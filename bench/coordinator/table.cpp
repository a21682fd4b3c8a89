#include "bench/coordinator/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace checkerlab::bench {
namespace {

std::string number(double value) {
  if (std::abs(value) >= 1'000) return fmt::format("{:.0f}", value);
  return fmt::format("{:.4g}", value);
}

}  // namespace

double quantile(std::vector<double> values, double q) {
  if (values.empty()) throw std::invalid_argument("a quantile of nothing");
  std::ranges::sort(values);
  const auto last = static_cast<double>(values.size() - 1);
  return values[static_cast<std::size_t>(std::ceil(q * last))];
}

void print_heading() {
  fmt::print("{:<58} {:>8} {:>10} {:>10} {:>10}  {}\n", "what", "unit", "min", "median", "max", "goal");
  std::fflush(stdout);
}

void print_row(const Row& row) {
  fmt::print("{:<58} {:>8} {:>10} {:>10} {:>10}  {}\n", row.name, row.unit, number(quantile(row.values, 0)),
             number(quantile(row.values, 0.5)), number(quantile(row.values, 1)), row.goal);
  std::fflush(stdout);
}

}  // namespace checkerlab::bench
