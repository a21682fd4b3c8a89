#include "base/token_bucket.hpp"

#include <algorithm>

namespace checkerlab {

double TokenBucket::filled(SteadyTime now) const {
  const std::chrono::duration<double> passed = now - at_;
  return std::min(capacity_, tokens_ + std::max(0.0, passed.count()) * per_second_);
}

bool TokenBucket::take(double count, SteadyTime now) {
  tokens_ = filled(now);
  at_ = now;
  if (tokens_ < count) return false;
  tokens_ -= count;
  return true;
}

std::chrono::duration<double> TokenBucket::wait_for(double count) const {
  return std::chrono::duration<double>(std::max(0.0, count - tokens_) / per_second_);
}

}  // namespace checkerlab
