#include "libmodel/sampling/entropy_profile.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

// Two scales: 1×1 in step 0, 2×2 with its diagonal in step 1 and the rest in step 2.
SampleBatch batch(const torch::Tensor& small, const torch::Tensor& large) {
  SampleBatch made;
  made.entropy = {small, large};
  made.steps = {torch::tensor({{0}}, torch::kLong), torch::tensor({{1, 2}, {2, 1}}, torch::kLong)};
  return made;
}

TEST(EntropyProfile, GathersTokensByTheirStep) {
  EntropyProfile profile;
  profile.add(batch(torch::tensor({{{3.F}}}), torch::tensor({{{1.F, 0.F}, {0.5F, 2.F}}})));
  profile.add(batch(torch::tensor({{{5.F}}}), torch::tensor({{{3.F, 0.25F}, {0.25F, 4.F}}})));
  EXPECT_EQ(profile.samples(), 2);
  const auto steps = profile.steps();
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(steps[0].side, 1);
  EXPECT_DOUBLE_EQ(steps[0].mean, 4);
  EXPECT_EQ(steps[1].tokens, 2);
  EXPECT_DOUBLE_EQ(steps[1].median, 2.5);  // of 1 2 3 4
  EXPECT_DOUBLE_EQ(steps[1].lower_quartile, 1.75);
  EXPECT_DOUBLE_EQ(steps[1].upper_quartile, 3.25);
  EXPECT_DOUBLE_EQ(steps[2].mean, 0.25);
}

TEST(EntropyProfile, RefusesSamplesWithoutEntropiesOrInOtherSteps) {
  EntropyProfile profile;
  EXPECT_THROW(profile.add(SampleBatch()), Error);
  profile.add(batch(torch::zeros({1, 1, 1}), torch::zeros({1, 2, 2})));
  SampleBatch other = batch(torch::zeros({1, 1, 1}), torch::zeros({1, 2, 2}));
  other.steps[1] = torch::tensor({{1, 1}, {1, 1}}, torch::kLong);
  EXPECT_THROW(profile.add(other), Error);
}

}  // namespace
}  // namespace checkerlab::model
