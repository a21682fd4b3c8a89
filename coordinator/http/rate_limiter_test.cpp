#include "coordinator/http/rate_limiter.hpp"

#include <gtest/gtest.h>

namespace checkerlab::coordinator {
namespace {

using namespace std::chrono_literals;

TEST(RateLimiter, GivesABurstThenTheRate) {
  RateLimiter limiter(2);
  SteadyTime now{};
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(limiter.take("a", now), 0ms) << i;
  EXPECT_EQ(limiter.take("a", now), 500ms);
  EXPECT_EQ(limiter.take("b", now), 0ms);
  now += 500ms;
  EXPECT_EQ(limiter.take("a", now), 0ms);
  EXPECT_EQ(limiter.take("a", now), 500ms);
}

TEST(RateLimiter, ZeroIsNoLimit) {
  RateLimiter limiter(0);
  for (int i = 0; i < 1000; ++i)
    EXPECT_EQ(limiter.take("a", {}), 0ms);
  EXPECT_EQ(limiter.buckets(), 0u);
}

TEST(RateLimiter, ItsMemoryIsBounded) {
  RateLimiter limiter(1);
  SteadyTime now{};
  for (int i = 0; i < 50'000; ++i) {
    now += 1ms;
    limiter.take(std::to_string(i), now);
  }
  EXPECT_LE(limiter.buckets(), RateLimiter::kMostBuckets);
}

TEST(RateLimiter, LessThanOneASecondStillLetsOneThrough) {
  RateLimiter limiter(0.1);
  EXPECT_EQ(limiter.take("a", {}), 0ms);
  EXPECT_EQ(limiter.take("a", {}), 10'000ms);
}

}  // namespace
}  // namespace checkerlab::coordinator
