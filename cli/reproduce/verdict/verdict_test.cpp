#include "cli/reproduce/verdict/verdict.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace checkerlab::cli::reproduce {
namespace {

const Printed kFid{"fid", 2.72, 2, 50'000};

Verdict verdict(const Printed& printed, double ours, std::optional<double> uncertainty = 0.01, bool anew = false) {
  return judge(printed, Ours{ours, uncertainty, anew}, {}, {});
}

TEST(Verdict, AgreesWithinTwoStandardErrors) {
  const double assumed = std::hypot(0.0046 * 2.72, 0.01 / std::sqrt(12.0));
  const double error = std::hypot(0.01, assumed);
  const Verdict near = verdict(kFid, 2.72 + 1.99 * error);
  EXPECT_EQ(near.kind, VerdictKind::agrees);
  EXPECT_NEAR(near.standard_error, error, 1e-12);
  const Verdict far = verdict(kFid, 2.72 - 2.01 * error);
  EXPECT_EQ(far.kind, VerdictKind::differs);
  EXPECT_NEAR(far.difference, -2.01 * error, 1e-12);
}

TEST(Verdict, AModelTrainedAnewMayDifferMore) {
  EXPECT_EQ(verdict(kFid, 2.80).kind, VerdictKind::differs);
  EXPECT_EQ(verdict(kFid, 2.80, 0.01, true).kind, VerdictKind::agrees);
  EXPECT_EQ(verdict(kFid, 2.90, 0.01, true).kind, VerdictKind::differs);
}

TEST(Verdict, AMissingUncertaintyOfOursCountsAsNone) {
  EXPECT_DOUBLE_EQ(verdict(kFid, 2.7, std::nullopt).standard_error, assumed_standard_error(kFid, false));
  EXPECT_DOUBLE_EQ(verdict(kFid, 2.7, NAN).standard_error, assumed_standard_error(kFid, false));
}

TEST(Verdict, CountsAgreeWhenTheyArePrintedAlike) {
  const Printed steps{"steps", 17, 0, 50'000}, params{"params_millions", 343, 0, 50'000};
  EXPECT_EQ(verdict(steps, 17).kind, VerdictKind::agrees);
  EXPECT_EQ(verdict(steps, 18).kind, VerdictKind::differs);
  EXPECT_EQ(verdict(params, 343.4).kind, VerdictKind::agrees);
  EXPECT_EQ(verdict(params, 367.6).kind, VerdictKind::differs);
  EXPECT_EQ(in_words(verdict(params, 367.6), 0), "differs by +25");
}

TEST(Verdict, ProportionsCarrySamplingAndArithmetic) {
  const Printed precision{"precision", 0.81, 2, 50'000}, recall{"recall", 0.56, 2, 50'000};
  const double rounding = 0.01 / std::sqrt(12.0);
  EXPECT_NEAR(assumed_standard_error(precision, false),
              std::hypot(std::hypot(std::sqrt(0.81 * 0.19 / 50'000), 0.003), rounding), 1e-12);
  EXPECT_NEAR(assumed_standard_error(recall, false),
              std::hypot(std::hypot(std::sqrt(0.56 * 0.44 / 10'000), 0.003), rounding), 1e-12);
  EXPECT_GT(assumed_standard_error(recall, true), 0.01);
}

TEST(Verdict, TimesMayDifferByAFewPercent) {
  const Printed seconds{"seconds", 0.52, 2, 50'000};
  EXPECT_EQ(verdict(seconds, 0.55, std::nullopt).kind, VerdictKind::agrees);
  EXPECT_EQ(verdict(seconds, 0.60, std::nullopt).kind, VerdictKind::differs);
}

TEST(Verdict, ConditionsComeBeforeNumbers) {
  const Verdict other =
      judge(kFid, Ours{2.72, 0.01, true}, {"N = 500 instead of 50,000", "guidance 1 instead of 1.4"}, {});
  EXPECT_EQ(other.kind, VerdictKind::not_comparable);
  EXPECT_EQ(in_words(other, 2), "not comparable: N = 500 instead of 50,000; guidance 1 instead of 1.4");
}

TEST(Verdict, WithoutANumberNothingWasRun) {
  const Verdict none = judge(kFid, std::nullopt, {"ignored"}, {"run it"});
  EXPECT_EQ(none.kind, VerdictKind::not_run);
  EXPECT_EQ(in_words(none, 2), "not run: run it");
  EXPECT_EQ(judge(kFid, Ours{NAN, 0.1, true}, {}, {}).kind, VerdictKind::not_run);
}

TEST(Verdict, IsWordedWithItsDifference) {
  EXPECT_EQ(in_words(judge(kFid, Ours{2.72, 0.1, false}, {}, {}), 2), "agrees (+0.00, 0.0 standard errors)");
  const Verdict differs{VerdictKind::differs, -0.31, 0.1, {}};
  EXPECT_EQ(in_words(differs, 2), "differs by -0.31 (3.1 standard errors)");
}

}  // namespace
}  // namespace checkerlab::cli::reproduce
