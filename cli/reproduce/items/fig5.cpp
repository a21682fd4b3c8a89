#include "base/text/number.hpp"
#include "cli/figure/render.hpp"
#include "cli/reproduce/claims/scale_claims.hpp"
#include "cli/reproduce/data/curves.hpp"
#include "cli/reproduce/items/best_points.hpp"
#include "cli/reproduce/items/inputs.hpp"
#include "cli/reproduce/items/of_study.hpp"

namespace checkerlab::cli::reproduce {
namespace {

std::string measured_text(const std::optional<figure::Measured>& measured) {
  return measured ? with_uncertainty(measured->value, measured->uncertainty) : "";
}

MeasuredTable table_of(const std::vector<BestPoint>& points) {
  MeasuredTable table{.caption = "Guidance with the lowest FID; IS over all guidance values within 2 % of it",
                      .columns = {"Ratio", "Steps per scale", "Total steps", "Guidance", "FID", "IS", "IS mean",
                                  "IS min", "IS max", "Seed", "N"},
                      .rows = {}};
  for (const BestPoint& best : points) {
    const bool scored = best.score.values > 0;
    const auto number = [&](double value) { return scored ? compact(value, 5) : ""; };
    table.rows.push_back({best.ratio_label, std::to_string(best.point.steps_per_scale),
                          std::to_string(best.point.total_steps), compact(best.point.guidance),
                          measured_text(best.point.fid), measured_text(best.point.inception_score),
                          number(best.score.mean), number(best.score.least), number(best.score.most),
                          std::to_string(best.how.seed), grouped(best.point.samples)});
  }
  return table;
}

std::vector<Claim> claims_of(const std::vector<CurveSet>& sets) {
  if (sets.size() == 1) return scale_claims(sets.front().curves);
  auto claims = scale_claims({});
  for (Claim& claim : claims) {
    claim.why = sets.empty() ? "No FID was measured."
                             : "The study's FID was measured in " + std::to_string(sets.size()) +
                                   " ways, which cannot be compared; name a study of one.";
    for (const CurveSet& set : sets)
      claim.evidence.push_back(std::to_string(set.curves.size()) + " ratios with " + set.how);
  }
  return claims;
}

}  // namespace

Report make_fig5(const Inputs& inputs) {
  Report report{.item = "fig5", .title = "Figure 5: FID and Inception Score by scale ratio and steps"};
  const auto all = read_points(inputs.ask, ids_of(inputs.studies));
  const auto points = all.empty() ? all : of_study(all, all.front().study_id);
  const auto best = best_points(points);
  if (best.empty()) report.notes.push_back(nothing_measured(inputs, "measured FID", "fig5"));
  report.notes.push_back("The paper shows: " + sweeps::published_figure(inputs.published, "fig5").shows +
                         ". Its figure prints no numbers; what it claims of them is checked below.");
  const auto sets = curve_sets(points);
  if (!points.empty()) report.notes.push_back("Study: " + points.front().study + ".");
  for (const CurveSet& set : sets)
    report.notes.push_back("Measured with " + set.how + ".");
  const std::string title = points.empty() ? report.title : report.title + " (" + points.front().study + ")";
  report.pictures.push_back({"fig5.svg", figure::render_svg(figure_of(title, best)),
                             "FID (top) and IS (bottom) by steps per scale (left) and total steps (right)"});
  report.claims = claims_of(sets);
  if (!best.empty()) report.measured.push_back(table_of(best));
  return report;
}

}  // namespace checkerlab::cli::reproduce
