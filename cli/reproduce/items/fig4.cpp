#include <algorithm>
#include <iterator>
#include <tuple>

#include "base/plot/point_chart.hpp"
#include "base/text/number.hpp"
#include "cli/reproduce/data/points.hpp"
#include "cli/reproduce/items/inputs.hpp"
#include "cli/reproduce/items/of_study.hpp"
#include "sweeps/pyramid.hpp"

namespace checkerlab::cli::reproduce {
namespace {

constexpr const char* kRatio = "2";  // the paper's

bool has_both(const MeasuredPoint& point) {
  return point.metrics.contains("fid") && point.metrics.contains("inception_score");
}

// Those with both metrics at the paper's ratio, where the study has it; else at its first ratio.
std::vector<MeasuredPoint> shown(const std::vector<MeasuredPoint>& points) {
  std::vector<MeasuredPoint> both;
  std::ranges::copy_if(points, std::back_inserter(both), has_both);
  const auto at = std::ranges::find(both, kRatio, [](const MeasuredPoint& point) { return point.under.ratio; });
  if (both.empty()) return both;
  const std::string ratio = at == both.end() ? both.front().under.ratio : kRatio;
  std::erase_if(both, [&](const MeasuredPoint& point) { return point.under.ratio != ratio; });
  std::ranges::stable_sort(both, {}, [](const MeasuredPoint& point) {
    return std::tuple(point.under.steps_per_scale, point.under.guidance);
  });
  return both;
}

std::string label_of(const MeasuredPoint& point, std::size_t ways, std::size_t way) {
  return std::to_string(point.under.steps_per_scale) + " steps per scale" + (ways > 1 ? " " + way_mark(way) : "");
}

std::vector<MeasuredHow> ways_of(const std::vector<MeasuredPoint>& points) {
  std::vector<MeasuredHow> ways;
  for (const MeasuredPoint& point : points) {
    if (std::ranges::find(ways, point.how) == ways.end()) ways.push_back(point.how);
  }
  return ways;
}

plot::PointChart chart_of(const std::vector<MeasuredPoint>& points, const std::vector<MeasuredHow>& ways) {
  plot::PointChart chart{.title = "Figure 4(a): FID against Inception Score over guidance",
                         .subtitle = "",
                         .x_name = "Inception Score (higher is better)",
                         .y_name = "FID (lower is better)",
                         .series = {}};
  if (!points.empty())
    chart.subtitle = points.front().study + ", ratio " + points.front().ratio_label + " · bars: one standard error";
  for (const MeasuredPoint& point : points) {
    const auto way = static_cast<std::size_t>(std::ranges::find(ways, point.how) - ways.begin());
    const std::string label = label_of(point, ways.size(), way);
    auto series = std::ranges::find(chart.series, label, &plot::PointSeries::label);
    if (series == chart.series.end()) series = chart.series.insert(series, {label, {}});
    const auto &fid = point.metrics.at("fid"), &score = point.metrics.at("inception_score");
    series->points.push_back({score.value, fid.value, score.uncertainty.value_or(0), fid.uncertainty.value_or(0),
                              label + ", guidance " + compact(point.under.guidance) + ": FID " +
                                  with_uncertainty(fid.value, fid.uncertainty) + ", IS " +
                                  with_uncertainty(score.value, score.uncertainty)});
  }
  return chart;
}

MeasuredTable table_of(const std::vector<MeasuredPoint>& points) {
  MeasuredTable table{.caption = "FID and Inception Score at every guidance",
                      .columns = {"Ratio", "Steps per scale", "Total steps", "Guidance", "FID", "IS", "Seed", "N"},
                      .rows = {}};
  for (const MeasuredPoint& point : points) {
    const auto &fid = point.metrics.at("fid"), &score = point.metrics.at("inception_score");
    table.rows.push_back({point.ratio_label, std::to_string(point.under.steps_per_scale),
                          std::to_string(point.total_steps), compact(point.under.guidance),
                          with_uncertainty(fid.value, fid.uncertainty),
                          with_uncertainty(score.value, score.uncertainty), std::to_string(point.how.seed),
                          grouped(point.under.samples)});
  }
  return table;
}

// Figure 4(b) holds whatever is measured: the sizes follow from the rule.
MeasuredTable sizes_table() {
  MeasuredTable table{
      .caption = "Figure 4(b): scale sizes of a 16×16 token grid", .columns = {"Ratio", "Sizes", "Tokens"}, .rows = {}};
  for (const char* ratio : {"sqrt2", "2", "3", "4", "single"}) {
    std::string sizes;
    int tokens = 0;
    for (const int side : sweeps::scale_sizes(16, sweeps::ratio_named(ratio))) {
      sizes += (sizes.empty() ? "" : " ") + std::to_string(side);
      tokens += side * side;
    }
    table.rows.push_back({std::string(ratio) == "sqrt2" ? "√2" : ratio, sizes, std::to_string(tokens)});
  }
  return table;
}

}  // namespace

Report make_fig4(const Inputs& inputs) {
  Report report{.item = "fig4", .title = "Figure 4: FID against Inception Score, and scale sizes"};
  const auto all = read_points(inputs.ask, ids_of(inputs.studies));
  const auto first = std::ranges::find_if(all, has_both);
  const auto points = first == all.end() ? std::vector<MeasuredPoint>{} : shown(of_study(all, first->study_id));
  if (points.empty()) report.notes.push_back(nothing_measured(inputs, "FID and Inception Score", "fig4a"));
  report.notes.push_back("The paper shows: " + sweeps::published_figure(inputs.published, "fig4a").shows +
                         ". Its figure prints no numbers.");
  const auto ways = ways_of(points);
  for (std::size_t i = 0; i < ways.size(); ++i)
    report.notes.push_back("Measured " + (ways.size() > 1 ? way_mark(i) + " " : "") + "with " + describe(ways[i]) +
                           ".");
  report.pictures.push_back(
      {"fig4.svg", plot::point_chart_svg(chart_of(points, ways)), "FID against IS, one line a number of steps"});
  if (!points.empty()) report.measured.push_back(table_of(points));
  report.measured.push_back(sizes_table());
  return report;
}

}  // namespace checkerlab::cli::reproduce
