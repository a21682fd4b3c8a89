#include "coordinator/http/rate_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace checkerlab::coordinator {

double RateLimiter::capacity() const {
  return std::max(1.0, per_second_ * kBurstSeconds);
}

double RateLimiter::refilled(const Bucket& bucket, SteadyTime now) const {
  const std::chrono::duration<double> passed = now - bucket.at;
  return std::min(capacity(), bucket.tokens + passed.count() * per_second_);
}

void RateLimiter::forget_full(SteadyTime now) {
  std::erase_if(buckets_, [&](const auto& entry) { return refilled(entry.second, now) >= capacity(); });
  if (buckets_.size() >= kMostBuckets)
    buckets_.clear();  // so many busy ones at once: better lenient than out of memory
}

std::chrono::milliseconds RateLimiter::take(const std::string& key, SteadyTime now) {
  if (per_second_ <= 0) return std::chrono::milliseconds{0};
  auto found = buckets_.find(key);
  if (found == buckets_.end()) {
    if (buckets_.size() >= kMostBuckets) forget_full(now);
    found = buckets_.emplace(key, Bucket{capacity(), now}).first;
  }
  Bucket& bucket = found->second;
  bucket.tokens = refilled(bucket, now);
  bucket.at = now;
  if (bucket.tokens < 1) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil((1 - bucket.tokens) / per_second_ * 1000)));
  }
  bucket.tokens -= 1;
  return std::chrono::milliseconds{0};
}

}  // namespace checkerlab::coordinator
