#include "cli/reproduce/claims/entropy_claim.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace checkerlab::cli::reproduce {
namespace {

using ::testing::HasSubstr;

// One scale of the means given; quartiles `spread` apart.
void add_scale(std::vector<EntropyStep>& steps, int side, const std::vector<double>& means, double spread = 1,
               long long samples = 10'000) {
  for (const double mean : means)
    steps.push_back({static_cast<int>(steps.size()), side, mean, mean - spread / 2, mean, mean + spread / 2, samples});
}

TEST(EntropyClaim, HoldsWhenTheHalfWayFallIsLargest) {
  std::vector<EntropyStep> steps;
  add_scale(steps, 1, {6});
  add_scale(steps, 2, {5, 4.8, 4.2, 4.1});
  add_scale(steps, 4, {6, 5.9, 5.8, 5.7, 4.9, 4.85, 4.8, 4.7});
  const Claim claim = entropy_falls_half_way(steps);
  EXPECT_EQ(claim.finding, Finding::holds) << claim.why;
  ASSERT_EQ(claim.evidence.size(), 2u);
  EXPECT_THAT(claim.evidence[1], HasSubstr("4×4: half-way fall 0.8, largest other 0.1"));
}

TEST(EntropyClaim, FailsWhenAnotherFallIsLarger) {
  std::vector<EntropyStep> steps;
  add_scale(steps, 2, {5, 4.0, 3.9, 3.8});
  const Claim claim = entropy_falls_half_way(steps);
  EXPECT_EQ(claim.finding, Finding::does_not_hold);
  EXPECT_THAT(claim.evidence[0], HasSubstr("after its step 1"));
}

TEST(EntropyClaim, AStepInBothFallsCountsTwice) {
  // mean errors 0.741/√n each; neighbouring falls a − 2b + c: √6 of one error.
  std::vector<EntropyStep> steps;
  add_scale(steps, 2, {4, 3.9, 3.0, 3.0}, 1.349, 100);
  EXPECT_THAT(entropy_falls_half_way(steps).evidence[0], HasSubstr("+0.8 ± 0.2"));
}

TEST(EntropyClaim, CannotBeToldFromFewSamplesOrUnfitScales) {
  std::vector<EntropyStep> noisy, odd;
  add_scale(noisy, 2, {5, 4.8, 4.5, 4.4}, 2, 4);
  EXPECT_EQ(entropy_falls_half_way(noisy).finding, Finding::cannot_be_told);
  add_scale(odd, 3, {5, 4, 3, 2, 1});
  EXPECT_THAT(entropy_falls_half_way(odd).why, HasSubstr("No scale has an even number"));
  EXPECT_THAT(entropy_falls_half_way({}).why, HasSubstr("not measured"));
}

}  // namespace
}  // namespace checkerlab::cli::reproduce
