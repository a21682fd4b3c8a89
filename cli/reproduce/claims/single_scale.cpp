#include <string>

#include "base/text/number.hpp"
#include "cli/reproduce/claims/scale_claims.hpp"
#include "cli/reproduce/claims/words.hpp"

namespace checkerlab::cli::reproduce {
namespace {

struct Gap {
  std::string ratio;
  int total = 0;
  Estimate fid_single, fid_ratio;
  Estimate difference;  // single scale − ratio
};

std::vector<Gap> gaps(const std::vector<Curve>& curves, const Curve& single) {
  std::vector<Gap> all;
  for (const Curve& curve : curves) {
    if (curve.ratio == single.ratio) continue;
    const auto totals = common_totals(single, curve);
    if (totals.empty()) continue;
    const int total = totals.back();
    const Estimate left = *fid_at(single, total), right = *fid_at(curve, total);
    all.push_back(
        {curve.ratio, total, left, right, difference(widened(left, kTrainingNoise), widened(right, kTrainingNoise))});
  }
  return all;
}

Finding finding_of(const Gap& gap, double critical) {
  if (gap.difference.value > critical * gap.difference.standard_error) return Finding::holds;
  if (gap.difference.value < -critical * gap.difference.standard_error) return Finding::does_not_hold;
  return Finding::cannot_be_told;
}

std::string gap_text(const Gap& gap) {
  return "at " + std::to_string(gap.total) + " steps single scale " + in_words(gap.fid_single) + ", " +
         ratio_in_words(gap.ratio) + " " + in_words(gap.fid_ratio) + ", difference " +
         difference_in_words(gap.difference);
}

void decide(Claim& claim, const std::vector<Gap>& all) {
  const double critical = critical_value(all.size());
  std::vector<Finding> findings;
  std::string of_decision[3];
  for (const Gap& gap : all) {
    findings.push_back(finding_of(gap, critical));
    auto& text = of_decision[static_cast<int>(findings.back())];
    if (text.empty()) text = gap_text(gap);
    claim.evidence.push_back(gap_text(gap) + ": " + to_string(findings.back()));
  }
  claim.finding = combined(findings);
  const std::string& example = of_decision[static_cast<int>(claim.finding)];
  if (claim.finding == Finding::holds)
    claim.why = "Against each of " + std::to_string(all.size()) +
                " ratios the single scale's FID is higher by more than " + fixed(critical, 1) + " standard errors; " +
                example + ".";
  else if (claim.finding == Finding::does_not_hold)
    claim.why = "The single scale's FID is lower: " + example + ".";
  else
    claim.why = "Within noise: " + example + ".";
}

}  // namespace

Claim single_scale_is_worse(const std::vector<Curve>& curves) {
  Claim claim{.id = "single_scale_is_worse",
              .statement = "A single scale has a higher FID than every multiscale model.",
              .rule =
                  "at the largest total number of steps that both cover, the single scale's FID is higher than each "
                  "ratio's by more than noise and a new training explain",
              .finding = Finding::cannot_be_told,
              .why = "",
              .evidence = {}};
  const Curve* single = find_curve(curves, "single");
  if (!single) {
    claim.why = "The single scale was not measured.";
    return claim;
  }
  const auto all = gaps(curves, *single);
  if (all.empty())
    claim.why = "No ratio was measured at totals that the single scale covers.";
  else
    decide(claim, all);
  return claim;
}

}  // namespace checkerlab::cli::reproduce
