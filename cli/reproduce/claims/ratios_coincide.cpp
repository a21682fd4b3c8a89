#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "base/text/number.hpp"
#include "cli/reproduce/claims/scale_claims.hpp"
#include "cli/reproduce/claims/words.hpp"

namespace checkerlab::cli::reproduce {
namespace {

constexpr std::array<const char*, 3> kRatios{"2", "3", "4"};
constexpr double kVisible = 0.10;  // a difference of this part of FID must be visible for "the same" to mean something

struct Comparison {
  std::string a, b;
  int total = 0;
  Estimate fid_a, fid_b;
  Estimate difference;

  double away() const { return std::abs(difference.value) / difference.standard_error; }
  double visible(double critical) const {
    return critical * difference.standard_error / std::min(fid_a.value, fid_b.value);
  }
};

std::vector<Comparison> compare(const Curve& a, const Curve& b) {
  std::vector<Comparison> all;
  for (const int total : common_totals(a, b)) {
    const Estimate left = *fid_at(a, total), right = *fid_at(b, total);
    all.push_back({a.ratio, b.ratio, total, left, right,
                   difference(widened(left, kTrainingNoise), widened(right, kTrainingNoise))});
  }
  return all;
}

std::vector<Comparison> all_comparisons(const std::vector<Curve>& curves) {
  std::vector<Comparison> all;
  for (std::size_t i = 0; i < kRatios.size(); ++i) {
    for (std::size_t j = i + 1; j < kRatios.size(); ++j) {
      const Curve* a = find_curve(curves, kRatios[i]);
      const Curve* b = find_curve(curves, kRatios[j]);
      if (!a || !b) continue;
      for (Comparison& comparison : compare(*a, *b))
        all.push_back(std::move(comparison));
    }
  }
  return all;
}

std::string pair_text(const Comparison& one) {
  return "ratios " + one.a + " and " + one.b + " at " + std::to_string(one.total) + " steps";
}

void decide(Claim& claim, const std::vector<Comparison>& all) {
  const double critical = critical_value(all.size());
  const auto& farthest = *std::ranges::max_element(all, {}, &Comparison::away);
  const auto& blindest =
      *std::ranges::max_element(all, {}, [&](const Comparison& one) { return one.visible(critical); });
  const std::string margin = fixed(critical, 1) + " standard errors";
  if (farthest.away() > critical) {
    const auto count = std::ranges::count_if(all, [&](const Comparison& one) { return one.away() > critical; });
    claim.finding = Finding::does_not_hold;
    claim.why = std::to_string(count) + " of " + std::to_string(all.size()) + " differences exceed " + margin +
                "; the largest, " + pair_text(farthest) + ", is " + difference_in_words(farthest.difference) + ".";
  } else if (blindest.visible(critical) > kVisible) {
    claim.why = "No difference exceeds " + margin + ", but for " + pair_text(blindest) + " one below " +
                fixed(100 * blindest.visible(critical), 0) +
                " % of FID could not be seen; more samples or smaller uncertainties are needed.";
  } else {
    claim.finding = Finding::holds;
    claim.why = "None of " + std::to_string(all.size()) + " differences exceeds " + margin + "; the largest, " +
                pair_text(farthest) + ", is " + difference_in_words(farthest.difference) + ".";
  }
}

}  // namespace

Claim ratios_coincide(const std::vector<Curve>& curves) {
  Claim claim{.id = "ratios_coincide",
              .statement = "Ratios 2, 3 and 4 have the same FID at the same total number of steps.",
              .rule =
                  "no difference at a common total exceeds what noise and a new training explain, and a "
                  "difference of 10 % would have been seen",
              .finding = Finding::cannot_be_told,
              .why = "",
              .evidence = {}};
  const auto all = all_comparisons(curves);
  for (const Comparison& one : all)
    claim.evidence.push_back(pair_text(one) + ": " + in_words(one.fid_a) + " and " + in_words(one.fid_b) +
                             ", difference " + difference_in_words(one.difference));
  if (all.empty())
    claim.why = "Fewer than two of the ratios 2, 3 and 4 were measured over a common range of total steps.";
  else
    decide(claim, all);
  return claim;
}

}  // namespace checkerlab::cli::reproduce
