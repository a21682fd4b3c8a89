// A token bucket for each key (an address, a token): so many requests a second, and a burst of five seconds' worth.
// Pure but for its memory, which is bounded: full buckets are forgotten. Not thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/token_bucket.hpp"

namespace checkerlab::coordinator {

class RateLimiter {
 public:
  // 0 requests a second: no limit.
  explicit RateLimiter(double per_second) : per_second_(per_second) {}

  // Takes one request from the bucket. Zero when there was one, else how long to wait for it.
  std::chrono::milliseconds take(const std::string& key, SteadyTime now);
  std::size_t buckets() const { return buckets_.size(); }

  static constexpr double kBurstSeconds = 5;
  static constexpr std::size_t kMostBuckets = 10'000;

 private:
  void forget_full(SteadyTime now);

  double per_second_;
  std::unordered_map<std::string, TokenBucket> buckets_;
};

}  // namespace checkerlab::coordinator
