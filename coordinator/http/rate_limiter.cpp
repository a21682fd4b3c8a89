#include "coordinator/http/rate_limiter.hpp"

#include <algorithm>

namespace checkerlab::coordinator {

void RateLimiter::forget_full(SteadyTime now) {
  std::erase_if(buckets_, [&](const auto& entry) { return entry.second.is_full(now); });
  if (buckets_.size() >= kMostBuckets)
    buckets_.clear();  // so many busy ones at once: better lenient than out of memory
}

std::chrono::milliseconds RateLimiter::take(const std::string& key, SteadyTime now) {
  using std::chrono::milliseconds;
  if (per_second_ <= 0) return milliseconds{0};
  if (!buckets_.contains(key) && buckets_.size() >= kMostBuckets) forget_full(now);
  TokenBucket& bucket =
      buckets_.try_emplace(key, std::max(1.0, per_second_ * kBurstSeconds), per_second_).first->second;
  if (bucket.take(1, now)) return milliseconds{0};
  return std::chrono::ceil<milliseconds>(bucket.wait_for(1));
}

}  // namespace checkerlab::coordinator
