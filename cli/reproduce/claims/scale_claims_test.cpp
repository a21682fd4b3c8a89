#include "cli/reproduce/claims/scale_claims.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace checkerlab::cli::reproduce {
namespace {

using ::testing::HasSubstr;

// One FID for all ratios that falls with log(total) to a floor, with a standard error of `relative`.
double falling(double total) {
  return 5 + 20 / total;
}

Curve curve(const std::string& ratio, const std::vector<int>& totals, double factor = 1, double relative = 0.005) {
  Curve made{ratio, {}};
  for (const int total : totals) {
    const double fid = factor * falling(total);
    made.points.push_back({total, {fid, relative * fid}});
  }
  return made;
}

TEST(Significance, IsTheNormalOneForASingleComparison) {
  EXPECT_NEAR(critical_value(1), 1.95996, 1e-5);
  EXPECT_NEAR(critical_value(5), 2.57583, 1e-5);  // 1 %
  EXPECT_NEAR(critical_value(0), critical_value(1), 1e-12);
}

TEST(Significance, AMissingUncertaintyIsTheNoiseOfARun) {
  EXPECT_DOUBLE_EQ(fid_estimate(10, std::nullopt).standard_error, 0.046);
  EXPECT_DOUBLE_EQ(fid_estimate(10, NAN).standard_error, 0.046);
  EXPECT_DOUBLE_EQ(fid_estimate(10, 0.2).standard_error, 0.2);
  EXPECT_DOUBLE_EQ(difference({3, 0.3}, {1, 0.4}).standard_error, 0.5);
}

TEST(Interpolation, IsLinearInTheLogarithmAndPropagatesErrors) {
  const Curve one{"2", {{4, {10, 0.3}}, {16, {6, 0.4}}}};
  const auto middle = fid_at(one, 8);
  ASSERT_TRUE(middle);
  EXPECT_NEAR(middle->value, 8, 1e-12);
  EXPECT_NEAR(middle->standard_error, 0.25, 1e-12);  // √(0.15² + 0.2²)
  EXPECT_DOUBLE_EQ(fid_at(one, 16)->standard_error, 0.4);
  EXPECT_FALSE(fid_at(one, 3));
  EXPECT_FALSE(fid_at(one, 17));
  EXPECT_FALSE(fid_at({"3", {}}, 4));
}

TEST(Interpolation, CommonTotalsAreMeasuredOnOneSideAtLeast) {
  EXPECT_EQ(common_totals(curve("2", {5, 9, 17}), curve("4", {3, 9, 33})), (std::vector{5, 9, 17}));
  EXPECT_TRUE(common_totals(curve("2", {5, 9}), curve("4", {17, 33})).empty());
}

TEST(RatiosCoincide, HoldsForOneCurve) {
  const Claim claim =
      ratios_coincide({curve("2", {5, 9, 17, 29}), curve("3", {4, 8, 14, 22}, 1.01), curve("4", {5, 9, 17, 29}, 0.99)});
  EXPECT_EQ(claim.finding, Finding::holds) << claim.why;
  EXPECT_GE(claim.evidence.size(), 10u);
}

TEST(RatiosCoincide, FailsWhenOneRatioLiesApart) {
  const Claim claim = ratios_coincide({curve("2", {5, 9, 17}), curve("4", {5, 9, 17}, 1.3)});
  EXPECT_EQ(claim.finding, Finding::does_not_hold);
  EXPECT_THAT(claim.why, HasSubstr("3 of 3 differences exceed"));
}

TEST(RatiosCoincide, CannotBeToldWithoutACommonRangeOrWithNoise) {
  EXPECT_EQ(ratios_coincide({}).finding, Finding::cannot_be_told);
  EXPECT_EQ(ratios_coincide({curve("2", {5, 9}), curve("sqrt2", {5, 9})}).finding, Finding::cannot_be_told);
  EXPECT_EQ(ratios_coincide({curve("2", {5, 9}), curve("4", {17, 33})}).finding, Finding::cannot_be_told);
  const Claim noisy = ratios_coincide({curve("2", {5, 9, 17}, 1, 0.2), curve("4", {5, 9, 17}, 1.1, 0.2)});
  EXPECT_EQ(noisy.finding, Finding::cannot_be_told);
  EXPECT_THAT(noisy.why, HasSubstr("could not be seen"));
}

TEST(SingleScale, IsComparedAtTheLargestCommonTotal) {
  const Curve single{"single", {{1, {50, 0.2}}, {8, {12, 0.1}}}};
  const Claim claim = single_scale_is_worse({single, curve("2", {5, 9, 17}), curve("4", {3, 5, 9})});
  EXPECT_EQ(claim.finding, Finding::holds) << claim.why;
  ASSERT_EQ(claim.evidence.size(), 2u);
  EXPECT_THAT(claim.evidence[0], HasSubstr("at 8 steps"));
}

TEST(SingleScale, FailsWhenItIsBetterAndCannotBeToldWithinNoise) {
  EXPECT_EQ(single_scale_is_worse({curve("single", {4, 8}, 0.5), curve("2", {5, 9})}).finding, Finding::does_not_hold);
  EXPECT_EQ(single_scale_is_worse({curve("single", {4, 8}, 1.02), curve("2", {4, 8})}).finding,
            Finding::cannot_be_told);
  EXPECT_THAT(single_scale_is_worse({curve("2", {5, 9})}).why, HasSubstr("was not measured"));
  EXPECT_THAT(single_scale_is_worse({curve("single", {1, 2}), curve("2", {5, 9})}).why, HasSubstr("No ratio"));
}

Curve by_hand(const std::string& ratio, std::vector<std::pair<int, double>> points) {
  Curve made{ratio, {}};
  for (const auto& [total, fid] : points)
    made.points.push_back({total, {fid, 0.05}});
  return made;
}

TEST(BestSteps, HoldsWhenFewerAreWorseAndMoreBringLittle) {
  const Claim claim =
      best_near_sixteen({by_hand("2", {{5, 10}, {9, 7}, {17, 6}, {29, 5.95}}), by_hand("single", {{1, 40}})});
  EXPECT_EQ(claim.finding, Finding::holds) << claim.why;
  EXPECT_EQ(claim.evidence.size(), 1u);
}

TEST(BestSteps, FailsWhenMoreOrFewerAreBetter) {
  const Curve more = by_hand("2", {{9, 7}, {17, 6}, {29, 5}}), fewer = by_hand("sqrt2", {{8, 5}, {17, 6}, {31, 7}});
  EXPECT_THAT(best_near_sixteen({more}).evidence[0], HasSubstr("more are better"));
  EXPECT_THAT(best_near_sixteen({fewer}).evidence[0], HasSubstr("fewer are better"));
  const Claim both = best_near_sixteen({by_hand("3", {{9, 7}, {17, 6}, {29, 6}}), fewer});
  EXPECT_EQ(both.finding, Finding::does_not_hold);
  EXPECT_THAT(both.why, HasSubstr("Not so for ratio √2"));
}

TEST(BestSteps, CannotBeToldWithoutPointsOnBothSides) {
  EXPECT_THAT(best_near_sixteen({by_hand("2", {{9, 7}, {17, 6}})}).evidence[0], HasSubstr("no point above 22"));
  EXPECT_THAT(best_near_sixteen({by_hand("2", {{17, 7}, {29, 6}})}).evidence[0], HasSubstr("no point below 12"));
  EXPECT_THAT(best_near_sixteen({by_hand("2", {{9, 7}, {29, 6}})}).evidence[0], HasSubstr("no point from 12 to 22"));
  EXPECT_THAT(best_near_sixteen({by_hand("2", {{9, 6.02}, {17, 6}, {29, 6}})}).evidence[0], HasSubstr("noise only"));
  EXPECT_EQ(best_near_sixteen({}).finding, Finding::cannot_be_told);
}

TEST(Finding, OneThatDoesNotHoldDecides) {
  EXPECT_EQ(combined({}), Finding::cannot_be_told);
  EXPECT_EQ(combined({Finding::holds, Finding::holds}), Finding::holds);
  EXPECT_EQ(combined({Finding::holds, Finding::cannot_be_told}), Finding::cannot_be_told);
  EXPECT_EQ(combined({Finding::cannot_be_told, Finding::does_not_hold}), Finding::does_not_hold);
}

}  // namespace
}  // namespace checkerlab::cli::reproduce
