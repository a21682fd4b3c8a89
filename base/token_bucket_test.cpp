#include "base/token_bucket.hpp"

#include <gtest/gtest.h>

namespace checkerlab {
namespace {

SteadyTime at(int milliseconds) {
  return SteadyTime(std::chrono::milliseconds(milliseconds));
}

TEST(TokenBucket, ABurstThenSoManyASecond) {
  TokenBucket bucket(1'000, 200);
  EXPECT_TRUE(bucket.take(1'000, at(5'000)));
  EXPECT_FALSE(bucket.take(1, at(5'000)));
  EXPECT_FALSE(bucket.take(101, at(5'500)));
  EXPECT_TRUE(bucket.take(100, at(5'500)));
  EXPECT_FALSE(bucket.take(1, at(5'500)));
}

TEST(TokenBucket, ARestFillsItUpToTheBrim) {
  TokenBucket bucket(1'000, 200);
  ASSERT_TRUE(bucket.take(1'000, at(0)));
  EXPECT_FALSE(bucket.is_full(at(4'999)));
  EXPECT_TRUE(bucket.is_full(at(5'000)));
  EXPECT_FALSE(bucket.take(1'001, at(1'000'000)));
  EXPECT_TRUE(bucket.take(1'000, at(1'000'000)));
}

TEST(TokenBucket, SaysHowLongToWait) {
  TokenBucket bucket(2, 4);
  ASSERT_TRUE(bucket.take(2, at(1'000)));
  EXPECT_FALSE(bucket.take(1, at(1'000)));
  EXPECT_DOUBLE_EQ(bucket.wait_for(1).count(), 0.25);
  EXPECT_TRUE(bucket.take(1, at(1'250)));
}

TEST(TokenBucket, AClockThatGoesBackGivesNothing) {
  TokenBucket bucket(1'000, 200);
  ASSERT_TRUE(bucket.take(1'000, at(10'000)));
  EXPECT_FALSE(bucket.take(1, at(5'000)));
}

}  // namespace
}  // namespace checkerlab
