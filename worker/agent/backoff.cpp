#include "worker/agent/backoff.hpp"

#include <algorithm>

namespace checkerlab::worker {

Backoff::Backoff(BackoffLimits limits, unsigned seed) : limits_(limits), delay_(limits.first), random_(seed) {}

std::chrono::milliseconds Backoff::next() {
  std::uniform_real_distribution<double> factor(0.5, 1.0);
  const auto delay = std::chrono::duration<double, std::milli>(delay_) * factor(random_);
  delay_ = std::min(delay_ * 2, limits_.longest);
  return std::chrono::duration_cast<std::chrono::milliseconds>(delay);
}

}  // namespace checkerlab::worker
