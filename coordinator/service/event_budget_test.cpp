#include "coordinator/service/event_budget.hpp"

#include <gtest/gtest.h>

namespace checkerlab::coordinator {
namespace {

TEST(EventBudget, ABurstThenSoManyASecond) {
  EventBudget budget;
  EXPECT_TRUE(budget.take(1'000, 5'000));
  EXPECT_FALSE(budget.take(1, 5'000));
  EXPECT_FALSE(budget.take(101, 5'500));
  EXPECT_TRUE(budget.take(100, 5'500));
  EXPECT_FALSE(budget.take(1, 5'500));
}

TEST(EventBudget, ARestFillsItUpToTheBurst) {
  EventBudget budget;
  ASSERT_TRUE(budget.take(1'000, 0));
  EXPECT_FALSE(budget.take(1'001, 1'000'000));
  EXPECT_TRUE(budget.take(1'000, 1'000'000));
}

TEST(EventBudget, AClockThatGoesBackGivesNothing) {
  EventBudget budget;
  ASSERT_TRUE(budget.take(1'000, 10'000));
  EXPECT_FALSE(budget.take(1, 5'000));
}

}  // namespace
}  // namespace checkerlab::coordinator
