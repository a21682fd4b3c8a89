#include <string>

#include "base/text/number.hpp"
#include "cli/reproduce/claims/scale_claims.hpp"
#include "cli/reproduce/claims/words.hpp"

namespace checkerlab::cli::reproduce {
namespace {

constexpr int kFirst = 12, kLast = 22;  // 16/√2 and 16·√2, inwards
constexpr double kLittle = 0.02;

struct Parts {
  std::vector<CurvePoint> fewer, near, more;
};

Parts parts_of(const Curve& curve) {
  Parts parts;
  for (const CurvePoint& point : curve.points)
    (point.total_steps < kFirst ? parts.fewer : point.total_steps > kLast ? parts.more : parts.near).push_back(point);
  return parts;
}

std::string point_text(const CurvePoint& point) {
  return in_words(point.fid) + " at " + std::to_string(point.total_steps) + " steps";
}

struct Judged {
  Finding finding = Finding::cannot_be_told;
  std::string text;
};

// The best points of the three parts against each other.
Judged judge(const CurvePoint& fewer, const CurvePoint& near, const CurvePoint& more, double critical) {
  const Estimate gained = difference(fewer.fid, near.fid);
  const Estimate still_to_gain = difference(near.fid, more.fid);
  const std::string text =
      "best " + point_text(near) + "; with fewer " + point_text(fewer) + ", with more " + point_text(more);
  if (gained.value < -critical * gained.standard_error) return {Finding::does_not_hold, text + ": fewer are better"};
  if (still_to_gain.value - kLittle * near.fid.value > critical * still_to_gain.standard_error)
    return {Finding::does_not_hold, text + ": more are better"};
  if (gained.value <= critical * gained.standard_error)
    return {Finding::cannot_be_told, text + ": fewer differ by noise only"};
  return {Finding::holds, text};
}

Judged judge(const Curve& curve, double critical) {
  const Parts parts = parts_of(curve);
  if (parts.near.empty()) return {Finding::cannot_be_told, "no point from 12 to 22 steps"};
  if (parts.fewer.empty()) return {Finding::cannot_be_told, "no point below 12 steps"};
  if (parts.more.empty()) return {Finding::cannot_be_told, "no point above 22 steps"};
  return judge(*least(parts.fewer), *least(parts.near), *least(parts.more), critical);
}

std::string named_with(const std::vector<Finding>& findings, const std::vector<std::string>& ratios, Finding wanted) {
  std::string names;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (findings[i] == wanted) names += (names.empty() ? "" : ", ") + ratio_in_words(ratios[i]);
  }
  return names;
}

}  // namespace

Claim best_near_sixteen(const std::vector<Curve>& curves) {
  Claim claim{.id = "best_near_sixteen",
              .statement = "FID is best near 16 total steps for every ratio; more steps bring little.",
              .rule =
                  "from 12 to 22 steps FID is lower than with fewer steps by more than noise, and more steps do not "
                  "lower it by more than 2 % and noise",
              .finding = Finding::cannot_be_told,
              .why = "",
              .evidence = {}};
  std::vector<Finding> findings;
  std::vector<std::string> ratios;
  const double critical = critical_value(2 * curves.size());
  for (const Curve& curve : curves) {
    if (curve.ratio == "single" || curve.points.empty()) continue;
    const Judged judged = judge(curve, critical);
    findings.push_back(judged.finding);
    ratios.push_back(curve.ratio);
    claim.evidence.push_back(ratio_in_words(curve.ratio) + ": " + judged.text + " (" + to_string(judged.finding) + ")");
  }
  claim.finding = combined(findings);
  if (findings.empty())
    claim.why = "No multiscale model was measured.";
  else if (claim.finding == Finding::holds)
    claim.why = "So it is for each of " + std::to_string(findings.size()) + " ratios.";
  else
    claim.why = std::string(claim.finding == Finding::does_not_hold ? "Not so for " : "Cannot be told for ") +
                named_with(findings, ratios, claim.finding) + ".";
  return claim;
}

std::vector<Claim> scale_claims(const std::vector<Curve>& curves) {
  return {ratios_coincide(curves), single_scale_is_worse(curves), best_near_sixteen(curves)};
}

}  // namespace checkerlab::cli::reproduce
