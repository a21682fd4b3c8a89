// How long to wait before trying again: doubling from the first delay to the longest, each times a random factor in
// [1/2, 1], so that a hundred workers do not come back in the same instant. Not thread-safe.
#pragma once

#include <chrono>
#include <random>

namespace checkerlab::worker {

struct BackoffLimits {
  std::chrono::milliseconds first{100};
  std::chrono::milliseconds longest{5000};
};

class Backoff {
 public:
  explicit Backoff(BackoffLimits limits, unsigned seed = std::random_device{}());

  std::chrono::milliseconds next();
  void reset() { delay_ = limits_.first; }  // after a success

 private:
  BackoffLimits limits_;
  std::chrono::milliseconds delay_;
  std::minstd_rand random_;
};

}  // namespace checkerlab::worker
