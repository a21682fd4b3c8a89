// Synthetic curves: what the search chooses against what the whole grid would choose, and what it spares.
#include "sweeps/search/curve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <iostream>
#include <numbers>
#include <random>
#include <set>

#include "sweeps/search/grid.hpp"

namespace checkerlab::sweeps {
namespace {

using Curve = std::function<double(double)>;

constexpr double kWithin = 0.02;
constexpr double kScreenShare = 0.1;  // images of a screen over all images

struct Noise {
  double screen = 0;  // standard deviation of one screened FID, and the uncertainty that it comes with
  double full = 0;
  double shared = 0;    // share of the screens' variance that all values have in common
  bool blocks = false;  // scores tell their leave-one-block-out values, whose differences know what is shared
};

// Ten values whose jackknife error is `error`: around `fid`, moved by `common` and `own` deviations of unit length.
std::vector<double> blocks(double fid, double error, double shared, std::mt19937_64& common, std::mt19937_64& own) {
  std::normal_distribution<double> normal;
  std::vector<double> values;
  const double scale = error / 3;  // √((10 − 1)/10 · 10 · s²) = 3 s
  for (int b = 0; b < 10; ++b)
    values.push_back(fid + scale * (std::sqrt(shared) * normal(common) + std::sqrt(1 - shared) * normal(own)));
  return values;
}

// All scores of a grid, drawn once: search and grid see the same numbers.
std::vector<GuidanceValue> draw(const Curve& fid, const Noise& noise, unsigned seed, double to = 3) {
  std::vector<GuidanceValue> values;
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  const double common = normal(random);
  for (const double guidance : search_grid(0, to, 0.1)) {
    const double bias = 1.3;
    const double error =
        noise.screen * (std::sqrt(noise.shared) * common + std::sqrt(1 - noise.shared) * normal(random));
    ScoreOutcome screen{.failed = false, .fid = fid(guidance) + bias + error, .uncertainty = noise.screen};
    if (noise.blocks) {
      std::mt19937_64 block_noise(seed + 7);  // the same at every value
      screen.without = blocks(screen.fid, noise.screen, noise.shared, block_noise, random);
    }
    const ScoreOutcome full{
        .failed = false, .fid = fid(guidance) + noise.full * normal(random), .uncertainty = noise.full};
    values.push_back({guidance, screen, full});
  }
  return values;
}

struct Found {
  std::vector<GuidanceVerdict> verdicts;
  int rounds = 0;
  double spent = 0;  // images over those of the whole grid
};

// Gives outcomes only to what is wanted, until nothing more is.
Found search(const std::vector<GuidanceValue>& truth) {
  std::vector<GuidanceValue> known;
  for (const GuidanceValue& value : truth)
    known.push_back({value.guidance});
  Found found;
  for (bool grown = true; grown; ++found.rounds) {
    found.verdicts = judge_curve(known, kWithin);
    grown = false;
    for (std::size_t i = 0; i < truth.size(); ++i) {
      if (found.verdicts[i].screen && !known[i].screen) {
        known[i].screen = truth[i].screen;
        grown = true;
      }
      if (found.verdicts[i].full && !known[i].full) {
        known[i].full = truth[i].full;
        grown = true;
      }
    }
  }
  for (const GuidanceVerdict& verdict : found.verdicts)
    found.spent += (verdict.full ? 1 : verdict.screen ? kScreenShare : 0) / static_cast<double>(truth.size());
  return found;
}

std::set<double> chosen_by_search(const std::vector<GuidanceValue>& truth, const Found& found) {
  std::set<double> chosen;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto decision = found.verdicts[i].decision;
    if (decision == GuidanceDecision::minimum || decision == GuidanceDecision::within) chosen.insert(truth[i].guidance);
  }
  return chosen;
}

std::set<double> chosen_by_grid(const std::vector<GuidanceValue>& truth) {
  double least = truth.front().full->fid;
  for (const GuidanceValue& value : truth)
    least = std::min(least, value.full->fid);
  std::set<double> chosen;
  for (const GuidanceValue& value : truth) {
    if (value.full->fid <= least * (1 + kWithin)) chosen.insert(value.guidance);
  }
  return chosen;
}

// The search chooses what the grid chooses and spends at most `most` of its images; gives what it spent.
double expect_same(const Curve& fid, const Noise& noise, double most, unsigned seeds = 20, double to = 3) {
  double spent = 0;
  for (unsigned seed = 1; seed <= seeds; ++seed) {
    const auto truth = draw(fid, noise, seed, to);
    const Found found = search(truth);
    EXPECT_EQ(chosen_by_search(truth, found), chosen_by_grid(truth)) << "seed " << seed;
    for (const GuidanceVerdict& verdict : found.verdicts)
      EXPECT_NE(verdict.decision, GuidanceDecision::open) << verdict.reason;
    spent += found.spent / seeds;
  }
  EXPECT_LE(spent, most);
  std::cout << "images drawn, of the whole grid's: " << std::lround(spent * 100) << " %\n";
  return spent;
}

double convex(double g) {
  return 6 + 4 * (g - 1.3) * (g - 1.3);
}

TEST(GuidanceCurve, ConvexWithoutNoise) {
  expect_same(convex, {.screen = 1e-4, .full = 1e-4}, 0.25, 1);
}

TEST(GuidanceCurve, ConvexWithNoiseOfTheSizeThatIsMeasured) {
  expect_same(convex, {.screen = 0.2, .full = 0.06}, 0.4);
}

// What pairing is for: most of the screens' error is the same at every guidance value.
TEST(GuidanceCurve, PairedBlocksSpareMore) {
  const Noise plain{.screen = 0.2, .full = 0.03, .shared = 0.9};
  Noise paired = plain;
  paired.blocks = true;
  const double without = expect_same(convex, plain, 0.45);
  const double with = expect_same(convex, paired, 0.3);
  EXPECT_LT(with, 0.8 * without);
}

TEST(GuidanceCurve, SteepAsRealOnes) {
  // Falls fast from no guidance, rises slowly with too much.
  const auto real = [](double g) { return 7 + 30 * std::exp(-4 * g) + 1.5 * g; };
  expect_same(real, {.screen = 0.15, .full = 0.05, .shared = 0.8, .blocks = true}, 0.4);
}

TEST(GuidanceCurve, MinimumAtAnEnd) {
  expect_same([](double g) { return 5 + 2 * g; }, {.screen = 0.1, .full = 0.03}, 0.2);
  expect_same([](double g) { return 12 - 2 * g; }, {.screen = 0.1, .full = 0.03}, 0.2);
}

TEST(GuidanceCurve, FlatIsMeasuredWholly) {
  const double spent = expect_same([](double) { return 8.0; }, {.screen = 0.2, .full = 0.05}, 1.0);
  EXPECT_GT(spent, 0.95);  // nothing may be ruled out
}

TEST(GuidanceCurve, TwoMinimaWithinNoise) {
  const auto two = [](double g) {
    return 6 + 3 * std::pow(std::sin(std::numbers::pi * (g - 0.6) / 1.6), 2);
  };  // at 0.6 and 2.2
  expect_same(two, {.screen = 0.15, .full = 0.03}, 0.45);
}

// The second basin's coarse values are ruled out, but they show a dip: it is looked into.
TEST(GuidanceCurve, ADeepAndNarrowSecondMinimum) {
  const auto dip = [](double g) { return 6.2 + 3 * std::abs(g - 0.4) - 7 * std::exp(-std::pow((g - 2.5) / 0.15, 2)); };
  const auto truth = draw(dip, {.screen = 0.05, .full = 0.02}, 3);
  EXPECT_EQ(chosen_by_search(truth, search(truth)), chosen_by_grid(truth));
  EXPECT_GT(*chosen_by_grid(truth).begin(), 2);
}

TEST(GuidanceCurve, ScreensThatLeadAsideAreCorrectedByFullMeasurements) {
  auto truth = draw(convex, {.screen = 0.01, .full = 0.01}, 1);
  for (GuidanceValue& value : truth)
    value.screen->fid += 1.2 * value.guidance;  // a bias that grows with guidance and says nothing of it
  EXPECT_EQ(chosen_by_search(truth, search(truth)), chosen_by_grid(truth));
}

TEST(GuidanceCurve, ValuesAreScreenedInRoundsAndOnlyWhereItMatters) {
  const auto truth = draw(convex, {.screen = 1e-4, .full = 1e-4}, 1);
  std::vector<GuidanceValue> known;
  for (const GuidanceValue& value : truth)
    known.push_back({value.guidance});
  const auto first = judge_curve(known, kWithin);
  std::set<std::size_t> screened;
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_FALSE(first[i].full);
    if (first[i].screen) screened.insert(i);
  }
  EXPECT_EQ(screened, (std::set<std::size_t>{0, 4, 8, 12, 16, 20, 24, 28, 30}));
  // A round waits for all its screens: the order in which they come changes nothing.
  for (const std::size_t i : screened) {
    if (i != 20) known[i].screen = truth[i].screen;
  }
  const auto waiting = judge_curve(known, kWithin);
  for (std::size_t i = 0; i < first.size(); ++i)
    EXPECT_EQ(waiting[i].screen, first[i].screen);
  // What was known from elsewhere but is not wanted changes nothing either.
  known[20].screen = truth[20].screen;
  const auto second = judge_curve(known, kWithin);
  known[25].screen = ScoreOutcome{.failed = false, .fid = 0.1, .uncertainty = 0.01};
  const auto aside = judge_curve(known, kWithin);
  for (std::size_t i = 0; i < second.size(); ++i)
    EXPECT_EQ(aside[i].screen, second[i].screen) << i;
  EXPECT_FALSE(search(truth).verdicts[25].screen);
}

TEST(GuidanceCurve, SaysWhy) {
  const auto truth = draw(convex, {.screen = 1e-4, .full = 1e-4}, 1);
  const Found found = search(truth);
  EXPECT_EQ(found.verdicts[13].decision, GuidanceDecision::minimum);
  EXPECT_EQ(found.verdicts[13].reason, "least FID, bracketed by both neighbours");
  EXPECT_EQ(found.verdicts[14].decision, GuidanceDecision::within);
  EXPECT_THAT(found.verdicts[14].reason, ::testing::MatchesRegex("FID 0.6.* % above the least"));
  EXPECT_EQ(found.verdicts[0].decision, GuidanceDecision::screened_out);
  EXPECT_THAT(found.verdicts[0].reason, ::testing::HasSubstr("screened FID 14.06 is 6.76 above 7.3 at guidance 1.3"));
  EXPECT_EQ(found.verdicts[26].decision, GuidanceDecision::skipped);
  EXPECT_EQ(found.verdicts[26].reason, "beside guidance 2.4 and 2.8, screened and not promising");
}

TEST(GuidanceCurve, FailedValuesAreGoneAround) {
  auto truth = draw(convex, {.screen = 1e-4, .full = 1e-4}, 1);
  truth[12].screen->failed = true;  // of the first round
  truth[15].full->failed = true;
  const Found found = search(truth);
  EXPECT_EQ(found.verdicts[12].decision, GuidanceDecision::failed);
  EXPECT_EQ(found.verdicts[13].decision, GuidanceDecision::minimum);
  EXPECT_EQ(found.verdicts[13].reason, "least FID; a neighbour failed");
  EXPECT_EQ(found.verdicts[15].decision, GuidanceDecision::failed);
  for (GuidanceValue& value : truth)
    value.screen->failed = true;
  for (const GuidanceVerdict& verdict : search(truth).verdicts)
    EXPECT_NE(verdict.decision, GuidanceDecision::open);
}

TEST(GuidanceCurve, WithoutUncertaintyNothingIsRuledOut) {
  auto truth = draw(convex, {.screen = 1e-4, .full = 1e-4}, 1, 1);
  for (GuidanceValue& value : truth)
    value.screen->uncertainty.reset();
  for (const GuidanceVerdict& verdict : search(truth).verdicts)
    EXPECT_TRUE(verdict.full);
}

TEST(GuidanceCurve, DifferencesAreJackknifedBlockByBlock) {
  ScoreOutcome a{.failed = false, .fid = 10, .uncertainty = 0.3, .without = {10, 11, 12}};
  ScoreOutcome b{.failed = false, .fid = 9, .uncertainty = 0.4, .without = {9, 10, 11}};
  EXPECT_NEAR(difference_error(a, b).value(), 0, 1e-12);
  b.without = {9, 10, 14};  // differences 1, 1, −2: squares 6 around 0
  EXPECT_NEAR(difference_error(a, b).value(), std::sqrt(6 * 2.0 / 3), 1e-12);
  b.without.clear();
  EXPECT_NEAR(difference_error(a, b).value(), 0.5, 1e-12);
  b.uncertainty.reset();
  EXPECT_FALSE(difference_error(a, b).has_value());
}

TEST(GuidanceGrid, ValuesAreThoseOneWouldWrite) {
  EXPECT_EQ(search_grid(0, 0.7, 0.1), (std::vector<double>{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7}));
  EXPECT_EQ(search_grid(0.5, 1.2, 0.25), (std::vector<double>{0.5, 0.75, 1}));
  EXPECT_EQ(first_places(5), (std::vector<std::size_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(first_places(14), (std::vector<std::size_t>{0, 2, 4, 6, 8, 10, 12, 13}));
}

}  // namespace
}  // namespace checkerlab::sweeps
