// Figures 6 and 7: entropy by step, of all samples and of single ones.
#include <algorithm>

#include "base/plot/line_chart.hpp"
#include "base/text/number.hpp"
#include "cli/reproduce/claims/entropy_claim.hpp"
#include "cli/reproduce/claims/words.hpp"
#include "cli/reproduce/data/extras.hpp"
#include "cli/reproduce/items/inputs.hpp"
#include "cli/reproduce/items/of_study.hpp"

namespace checkerlab::cli::reproduce {
namespace {

std::string run_text(const EntropyRun& run) {
  return ratio_in_words(run.ratio) + ", " + std::to_string(run.steps_per_scale) + " steps per scale, guidance " +
         compact(run.guidance);
}

std::string scale_text(long long side) {
  return std::to_string(side) + "×" + std::to_string(side);
}

// fig6.svg, fig6-2.svg, …
std::string numbered(const std::string& item, std::size_t index, const std::string& ending) {
  return item + (index == 0 ? "" : "-" + std::to_string(index + 1)) + ending;
}

plot::LineChart empty_chart(const std::string& title, const std::string& subtitle, const std::string& y_name) {
  return {.title = title, .subtitle = subtitle, .x_name = "step", .y_name = y_name, .series = {}, .marks = {}};
}

plot::LineChart chart_of(const EntropyRun& run) {
  auto chart = empty_chart("Figure 6: entropy by sampling step (" + run.study + ")",
                           run_text(run) + ", " + grouped(run.steps.front().samples) + " samples",
                           "entropy in nats: mean, quartiles shaded");
  plot::LineSeries line{.label = "mean", .x = {}, .y = {}, .low = {}, .high = {}};
  int side = 0;
  for (const EntropyStep& step : run.steps) {
    if (step.side != side) chart.marks.push_back({static_cast<double>(step.step), scale_text(step.side)});
    side = step.side;
    line.x.push_back(step.step);
    line.y.push_back(step.mean);
    line.low.push_back(step.lower_quartile);
    line.high.push_back(step.upper_quartile);
  }
  chart.series.push_back(std::move(line));
  return chart;
}

MeasuredTable table_of(const EntropyRun& run) {
  MeasuredTable table{.caption = "Entropy in nats, " + run_text(run),
                      .columns = {"Step", "Scale", "Mean", "Lower quartile", "Median", "Upper quartile", "N"},
                      .rows = {}};
  for (const EntropyStep& step : run.steps)
    table.rows.push_back({std::to_string(step.step), scale_text(step.side), fixed(step.mean, 4),
                          fixed(step.lower_quartile, 4), fixed(step.median, 4), fixed(step.upper_quartile, 4),
                          grouped(step.samples)});
  return table;
}

Claim claim_of(const EntropyRun& run) {
  Claim claim = entropy_falls_half_way(run.steps);
  claim.why = run_text(run) + ": " + claim.why;
  return claim;
}

plot::LineChart chart_of(const SampleEntropies& entropies) {
  auto chart = empty_chart("Figure 7: entropy of single samples (" + entropies.run.study + ")", run_text(entropies.run),
                           "entropy in nats: mean over the tokens of a step");
  long long side = 0;
  for (const SampleEntropy& value : entropies.values) {
    const std::string label = "sample " + std::to_string(value.sample);
    if (chart.series.empty() || chart.series.back().label != label)
      chart.series.push_back({.label = label, .x = {}, .y = {}, .low = {}, .high = {}});
    auto& line = chart.series.back();
    line.x.push_back(static_cast<double>(value.step));
    line.y.push_back(value.mean);
    if (chart.series.size() > 1) continue;
    if (value.side != side) chart.marks.push_back({static_cast<double>(value.step), scale_text(value.side)});
    side = value.side;
  }
  return chart;
}

void add_maps(Report& report, const Inputs& inputs, const std::vector<SampleEntropies>& shown) {
  const auto maps = read_sheets(inputs.ask, {shown.front().run.study_id}, "measure_entropy", "maps");
  std::size_t count = 0;
  for (const SheetArtifact& map : maps) {
    const bool wanted = std::ranges::any_of(shown, [&](const auto& one) { return one.run.job_key == map.job_key; });
    if (!wanted) continue;
    report.pictures.push_back({numbered("fig7-maps", count++, ".png"), inputs.fetch(map.sha256),
                               "Entropy maps, " + ratio_in_words(map.ratio) + ", " +
                                   std::to_string(map.steps_per_scale) + " steps per scale, guidance " +
                                   compact(map.guidance)});
  }
}

}  // namespace

Report make_fig6(const Inputs& inputs) {
  Report report{.item = "fig6", .title = "Figure 6: entropy by sampling step"};
  const auto all = read_entropies(inputs.ask, ids_of(inputs.studies));
  if (all.empty()) {
    report.notes.push_back(nothing_measured(inputs, "measured entropies", "fig6"));
    report.pictures.push_back({"fig6.svg", plot::line_chart_svg(empty_chart(report.title, "not run", "entropy")), ""});
    report.claims.push_back(entropy_falls_half_way({}));
  }
  report.notes.push_back("The paper shows: " + sweeps::published_figure(inputs.published, "fig6").shows +
                         ". Its figure prints no numbers; what it claims of them is checked below.");
  if (all.empty()) return report;
  const auto runs = of_study(all, newest_of(inputs.studies, all));
  for (std::size_t i = 0; i < runs.size(); ++i) {
    report.pictures.push_back({numbered("fig6", i, ".svg"), plot::line_chart_svg(chart_of(runs[i])),
                               "Entropy by step, " + run_text(runs[i])});
    report.claims.push_back(claim_of(runs[i]));
    report.measured.push_back(table_of(runs[i]));
  }
  return report;
}

Report make_fig7(const Inputs& inputs) {
  Report report{.item = "fig7", .title = "Figure 7: entropy of single samples"};
  std::vector<SampleEntropies> all = read_sample_entropies(inputs.ask, ids_of(inputs.studies));
  if (all.empty()) {
    report.notes.push_back(nothing_measured(inputs, "entropies of single samples", "fig7"));
    report.pictures.push_back({"fig7.svg", plot::line_chart_svg(empty_chart(report.title, "not run", "entropy")), ""});
  }
  report.notes.push_back("The paper shows: " + sweeps::published_figure(inputs.published, "fig7").shows +
                         ". Its figure prints no numbers.");
  if (all.empty()) return report;
  std::vector<EntropyRun> runs;
  for (const SampleEntropies& one : all)
    runs.push_back(one.run);
  const std::string study = newest_of(inputs.studies, runs);
  std::erase_if(all, [&](const SampleEntropies& one) { return one.run.study_id != study; });
  for (std::size_t i = 0; i < all.size(); ++i)
    report.pictures.push_back({numbered("fig7", i, ".svg"), plot::line_chart_svg(chart_of(all[i])),
                               "Entropy of single samples, " + run_text(all[i].run)});
  add_maps(report, inputs, all);
  return report;
}

}  // namespace checkerlab::cli::reproduce
