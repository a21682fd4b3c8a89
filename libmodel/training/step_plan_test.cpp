#include "libmodel/training/step_plan.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

TEST(StepPlan, theRateWarmsUpAndDropsByStep) {
  const TrainConfig config{
      .steps = 20, .batch = 8, .learning_rate = 3e-3, .warmup_steps = 3, .drops = {{10, 0.1}, {15, 0.5}}};
  const StepPlan plan(config, 100);
  EXPECT_EQ(plan.steps(), 20);
  EXPECT_DOUBLE_EQ(plan.learning_rate(0), 1e-3);
  EXPECT_DOUBLE_EQ(plan.learning_rate(2), 3e-3);
  EXPECT_DOUBLE_EQ(plan.learning_rate(9), 3e-3);
  EXPECT_DOUBLE_EQ(plan.learning_rate(10), 3e-4);
  EXPECT_DOUBLE_EQ(plan.learning_rate(15), 1.5e-4);
}

// The small published model on its 1,281,167 images.
TEST(StepPlan, epochsBecomeSteps) {
  TrainConfig config{.batch = 128, .learning_rate = 1e-4};
  config.epochs = 110;
  config.warmup_epochs = 1;
  config.drops = {{.factor = 0.316, .epoch = 100}, {.factor = 0.316, .epoch = 105}};
  const StepPlan plan(config, 1281167);
  EXPECT_EQ(plan.step_of_epoch(1), 10010);
  EXPECT_EQ(plan.steps(), 1101003);
  EXPECT_DOUBLE_EQ(plan.learning_rate(10009), 1e-4);
  EXPECT_LT(plan.learning_rate(10008), 1e-4);
  const std::int64_t drop = plan.step_of_epoch(100);
  EXPECT_GE(plan.epochs_before(drop), 100);
  EXPECT_LT(plan.epochs_before(drop - 1), 100);
  EXPECT_DOUBLE_EQ(plan.learning_rate(drop - 1), 1e-4);
  EXPECT_DOUBLE_EQ(plan.learning_rate(drop), 3.16e-5);
  EXPECT_NEAR(plan.learning_rate(plan.steps() - 1), 9.9856e-6, 1e-15);
}

// The large one: batches of 64, for the last five epochs five of them a step.
TEST(StepPlan, accumulationChangesByEpoch) {
  TrainConfig config{.batch = 64, .learning_rate = 5e-5};
  config.epochs = 210;
  config.accumulation = {{.batches = 5, .epoch = 205}};
  const StepPlan plan(config, 6400);
  EXPECT_EQ(plan.step_of_epoch(205), 20500);
  EXPECT_EQ(plan.steps(), 20500 + 100);
  EXPECT_EQ(plan.batches(20499), 1);
  EXPECT_EQ(plan.batches(20500), 5);
  EXPECT_EQ(plan.first_batch(20500), 20500);
  EXPECT_EQ(plan.first_batch(20502), 20510);
  EXPECT_EQ(plan.images_before(plan.steps()), 210 * 6400);
  EXPECT_DOUBLE_EQ(plan.epochs_before(20520), 206);
}

TEST(StepPlan, accumulationFromTheBeginningAndBySteps) {
  TrainConfig config{.steps = 10, .batch = 4, .learning_rate = 1};
  config.accumulation = {{.step = 0, .batches = 2}, {.step = 5, .batches = 3}};
  const StepPlan plan(config, 40);
  EXPECT_EQ(plan.first_batch(5), 10);
  EXPECT_EQ(plan.first_batch(7), 16);
  EXPECT_EQ(plan.step_of_epoch(1), 5);
  EXPECT_EQ(plan.step_of_epoch(0.5), 3);
}

TEST(StepPlan, refusesChangesThatDoNotAscend) {
  TrainConfig config{.steps = 10, .batch = 4, .learning_rate = 1};
  config.accumulation = {{.step = 5, .batches = 2}, {.step = 3, .batches = 3}};
  EXPECT_THROW(StepPlan(config, 40), Error);
}

}  // namespace
}  // namespace checkerlab::model
