#include "cli/reproduce/verdict/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text/number.hpp"

namespace checkerlab::cli::reproduce {
namespace {

constexpr double kSameWeights = 0.0046;  // 1.3 % / (2 √2)
constexpr double kTrainedAnew = 0.0195;  // 3 × 1.3 % / 2
constexpr double kArithmetic = 0.003;
constexpr double kTrainedAnewPart = 0.01;  // of precision and recall
constexpr double kReferenceImages = 10'000;
constexpr double kTime = 0.05;
constexpr double kAllowed = 2;  // standard errors

bool is_count(std::string_view metric) {
  return metric == "steps" || metric == "params_millions";
}

double of_proportion(double p, double n, bool trained_anew) {
  const double sampling = n > 0 ? std::sqrt(std::max(0.0, p * (1 - p)) / n) : 0;
  return std::hypot(sampling, kArithmetic, trained_anew ? kTrainedAnewPart : 0);
}

double of_metric(const Printed& printed, bool trained_anew) {
  if (printed.metric == "fid" || printed.metric == "inception_score")
    return (trained_anew ? kTrainedAnew : kSameWeights) * std::abs(printed.value);
  if (printed.metric == "precision")
    return of_proportion(printed.value, static_cast<double>(printed.samples), trained_anew);
  if (printed.metric == "recall") return of_proportion(printed.value, kReferenceImages, trained_anew);
  return kTime * std::abs(printed.value);
}

double unit(const Printed& printed) {
  return std::pow(10.0, -printed.decimals);
}

std::string joined(const std::vector<std::string>& reasons) {
  std::string text;
  for (const std::string& reason : reasons)
    text += (text.empty() ? "" : "; ") + reason;
  return text;
}

std::string with_sign(double value, int decimals) {
  return (value >= 0 ? "+" : "") + fixed(value, decimals);
}

}  // namespace

const char* to_string(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::agrees:
      return "agrees";
    case VerdictKind::differs:
      return "differs";
    case VerdictKind::not_comparable:
      return "not comparable";
    case VerdictKind::not_run:
      break;
  }
  return "not run";
}

double assumed_standard_error(const Printed& printed, bool trained_anew) {
  if (is_count(printed.metric)) return 0;
  return std::hypot(of_metric(printed, trained_anew), unit(printed) / std::sqrt(12.0));
}

Verdict judge(const Printed& printed, const std::optional<Ours>& ours, std::vector<std::string> differing,
              std::vector<std::string> missing) {
  if (!ours || !std::isfinite(ours->value))
    return {.kind = VerdictKind::not_run, .difference = 0, .standard_error = 0, .reasons = std::move(missing)};
  if (!differing.empty())
    return {.kind = VerdictKind::not_comparable, .difference = 0, .standard_error = 0, .reasons = std::move(differing)};
  Verdict verdict{
      .kind = VerdictKind::agrees, .difference = ours->value - printed.value, .standard_error = 0, .reasons = {}};
  double allowed = unit(printed) / 2 * (1 + 1e-9);  // printed alike
  if (!is_count(printed.metric)) {
    const double own = ours->uncertainty && std::isfinite(*ours->uncertainty) ? *ours->uncertainty : 0;
    verdict.standard_error = std::hypot(own, assumed_standard_error(printed, ours->trained_anew));
    allowed = kAllowed * verdict.standard_error;
  }
  if (std::abs(verdict.difference) > allowed) verdict.kind = VerdictKind::differs;
  return verdict;
}

std::string in_words(const Verdict& verdict, int decimals) {
  const std::string name = to_string(verdict.kind);
  if (verdict.kind == VerdictKind::not_comparable || verdict.kind == VerdictKind::not_run)
    return verdict.reasons.empty() ? name : name + ": " + joined(verdict.reasons);
  const std::string difference = with_sign(verdict.difference, decimals);
  const std::string away = verdict.standard_error > 0
                               ? fixed(std::abs(verdict.difference) / verdict.standard_error, 1) + " standard errors"
                               : "";
  if (verdict.kind == VerdictKind::differs) return name + " by " + difference + (away.empty() ? "" : " (" + away + ")");
  return away.empty() ? name : name + " (" + difference + ", " + away + ")";
}

}  // namespace checkerlab::cli::reproduce
