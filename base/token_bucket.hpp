// A bucket of tokens that fills at a steady rate up to its brim: how much may happen at once, and how much in the long
// run. Pure; not thread-safe.
#pragma once

#include <chrono>

#include "base/clock.hpp"

namespace checkerlab {

class TokenBucket {
 public:
  // Full from the beginning. Both are greater than 0.
  TokenBucket(double capacity, double per_second) : capacity_(capacity), per_second_(per_second), tokens_(capacity) {}

  // Takes `count` tokens, or none when there are not so many. A clock that goes back fills nothing.
  bool take(double count, SteadyTime now);
  // How long it takes until there are so many, as of the last call of take.
  std::chrono::duration<double> wait_for(double count) const;
  bool is_full(SteadyTime now) const { return filled(now) >= capacity_; }

 private:
  double filled(SteadyTime now) const;

  double capacity_;
  double per_second_;
  double tokens_;
  SteadyTime at_{};
};

}  // namespace checkerlab
