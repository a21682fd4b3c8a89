#include "cli/reproduce/claims/entropy_claim.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/text/number.hpp"
#include "cli/reproduce/claims/words.hpp"

namespace checkerlab::cli::reproduce {
namespace {

constexpr double kQuartilesOfNormal = 1.349;  // distance of the quartiles of a normal distribution in deviations
constexpr std::size_t kFewestSteps = 4;

using Scale = std::vector<EntropyStep>;

std::vector<Scale> scales_of(const std::vector<EntropyStep>& steps) {
  std::vector<Scale> scales;
  for (const EntropyStep& step : steps) {
    if (scales.empty() || scales.back().front().side != step.side) scales.emplace_back();
    scales.back().push_back(step);
  }
  return scales;
}

Estimate mean_of(const EntropyStep& step) {
  const double spread = std::max(0.0, step.upper_quartile - step.lower_quartile) / kQuartilesOfNormal;
  return {step.mean, step.samples > 0 ? spread / std::sqrt(static_cast<double>(step.samples)) : spread};
}

// fall(i) − fall(j), with fall(k) = mean(k) − mean(k + 1); a step that is in both carries its error with both weights.
Estimate fall_difference(const Scale& scale, std::size_t i, std::size_t j) {
  std::vector<double> weight(scale.size(), 0);
  weight[i] += 1;
  weight[i + 1] -= 1;
  weight[j] -= 1;
  weight[j + 1] += 1;
  Estimate sum;
  for (std::size_t k = 0; k < scale.size(); ++k) {
    const Estimate mean = mean_of(scale[k]);
    sum.value += weight[k] * mean.value;
    sum.standard_error = std::hypot(sum.standard_error, weight[k] * mean.standard_error);
  }
  return sum;
}

struct Judged {
  Finding finding;
  std::string text;
};

Judged judge(const Scale& scale, double critical) {
  const std::size_t half = scale.size() / 2 - 1;  // the fall from the first half to the second
  std::size_t rival = 0;                          // the largest other fall; half ≥ 1
  for (std::size_t i = 0; i + 1 < scale.size(); ++i) {
    if (i != half && fall_difference(scale, i, rival).value > 0) rival = i;
  }
  const Estimate lead = fall_difference(scale, half, rival);
  const auto fall = [&](std::size_t i) { return compact(scale[i].mean - scale[i + 1].mean, 3); };
  const std::string text = std::to_string(scale.front().side) + "×" + std::to_string(scale.front().side) +
                           ": half-way fall " + fall(half) + ", largest other " + fall(rival) + " after its step " +
                           std::to_string(rival + 1) + ", lead " + difference_in_words(lead);
  if (lead.value > critical * lead.standard_error) return {Finding::holds, text};
  if (lead.value < -critical * lead.standard_error) return {Finding::does_not_hold, text};
  return {Finding::cannot_be_told, text};
}

}  // namespace

Claim entropy_falls_half_way(const std::vector<EntropyStep>& steps) {
  Claim claim{.id = "entropy_falls_half_way",
              .statement = "Within a scale, entropy falls most half-way, when every other location is filled.",
              .rule =
                  "in each scale with an even number of at least four steps, the fall from its first half to its "
                  "second is the largest by more than noise",
              .finding = Finding::cannot_be_told,
              .why = "",
              .evidence = {}};
  std::vector<Scale> fitting;
  for (Scale& scale : scales_of(steps)) {
    if (scale.size() >= kFewestSteps && scale.size() % 2 == 0) fitting.push_back(std::move(scale));
  }
  if (fitting.empty()) {
    claim.why = steps.empty() ? "Entropy was not measured." : "No scale has an even number of at least four steps.";
    return claim;
  }
  std::vector<Finding> findings;
  std::size_t holding = 0;
  for (const Scale& scale : fitting) {
    const Judged judged = judge(scale, critical_value(fitting.size()));
    findings.push_back(judged.finding);
    holding += judged.finding == Finding::holds ? 1 : 0;
    claim.evidence.push_back(judged.text + " (" + to_string(judged.finding) + ")");
  }
  claim.finding = combined(findings);
  claim.why = "So it is in " + std::to_string(holding) + " of " + std::to_string(fitting.size()) + " scales.";
  return claim;
}

}  // namespace checkerlab::cli::reproduce
