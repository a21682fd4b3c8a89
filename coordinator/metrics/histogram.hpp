// Counts of values by fixed upper bounds, as Prometheus wants them. Thread-safe without locks: a reader may see a value
// in the count and not yet in the sum.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace checkerlab::coordinator {

// Upper bounds in seconds: from what a request in memory takes to what a slow disk does.
inline constexpr std::array kShortTimes{0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0};
// From an idle worker to a queue of days.
inline constexpr std::array kLongTimes{0.01,  0.1,    1.0,    5.0,     30.0,    60.0,
                                       300.0, 1800.0, 7200.0, 28800.0, 86400.0, 604800.0};
// How many at once.
inline constexpr std::array kSizes{1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 4096.0};

class Histogram {
 public:
  using Bounds = std::array<double, 12>;

  // `bounds` ascend and outlive the histogram.
  explicit Histogram(const Bounds& bounds) : bounds_(bounds) {}

  void observe(double value) {
    std::size_t i = 0;
    while (i < bounds_.size() && value > bounds_[i])
      ++i;
    counts_[i].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
  }

  const Bounds& bounds() const { return bounds_; }
  // One more than there are bounds: the last counts what lies beyond. Not cumulative.
  std::array<std::uint64_t, 13> counts() const {
    std::array<std::uint64_t, 13> copy{};
    for (std::size_t i = 0; i < copy.size(); ++i)
      copy[i] = counts_[i].load(std::memory_order_relaxed);
    return copy;
  }
  double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  const Bounds& bounds_;
  std::array<std::atomic<std::uint64_t>, 13> counts_{};
  std::atomic<double> sum_ = 0;
};

}  // namespace checkerlab::coordinator
