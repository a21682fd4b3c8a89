#include "cli/reproduce/items/compare.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/suggestion.hpp"
#include "base/text/number.hpp"
#include "cli/reproduce/items/match.hpp"

namespace checkerlab::cli::reproduce {
namespace {

constexpr double kQuartilesOfNormal = 1.349;  // their distance in standard deviations

// One measured value of a column with what it was measured under.
struct Value {
  std::optional<Ours> ours;
  MeasuredUnder under;
};

Value of_point(const MeasuredPoint& point, const std::string& metric) {
  Value value{std::nullopt, point.under};
  const auto found = point.metrics.find(metric);
  if (metric == "steps")
    value.ours = Ours{static_cast<double>(point.total_steps), std::nullopt, point.model.trained};
  else if (metric == "params_millions" && point.model.parameters)
    value.ours = Ours{*point.model.parameters / 1e6, std::nullopt, point.model.trained};
  else if (found != point.metrics.end())
    value.ours = Ours{found->second.value, found->second.uncertainty, point.model.trained};
  return value;
}

Value training_time(const MeasuredPoint& point) {
  Value value{std::nullopt, point.under};
  value.under.device = point.model.device;
  value.under.batch = point.model.batch;
  if (point.model.images_per_second && point.model.batch > 0)
    value.ours = Ours{static_cast<double>(point.model.batch) / *point.model.images_per_second, std::nullopt, true};
  return value;
}

// Whether it is a time of the point's sampling at the printed batch. A call takes as long at every guidance above 0.
bool is_of(const Latency& one, const MeasuredPoint& point, std::int64_t batch) {
  return one.study_id == point.study_id && one.model_key == point.model.key &&
         one.steps_per_scale == point.under.steps_per_scale && (one.guidance > 0) == (point.under.guidance > 0) &&
         one.batch == batch;
}

// The time of the point's sampling: on the printed device if there is one, else the first.
Value sampling_time(const MeasuredPoint& point, const std::vector<Latency>& latencies,
                    const sweeps::PublishedConditions& printed) {
  Value value{std::nullopt, point.under};
  for (const Latency& one : latencies) {
    if (!is_of(one, point, printed.batch)) continue;
    if (value.ours && one.device.find(printed.device) == std::string::npos) continue;
    const double spread = (one.upper_quartile - one.lower_quartile) / kQuartilesOfNormal;
    value.ours = Ours{one.median, spread > 0 ? std::optional(spread) : std::nullopt, point.model.trained};
    value.under.device = one.device;
    value.under.batch = one.batch;
  }
  return value;
}

Value value_of(const MeasuredPoint& point, const std::string& metric, const Measured& measured,
               const sweeps::PublishedConditions& printed) {
  if (metric == "seconds") return sampling_time(point, measured.latencies, printed);
  if (metric == "seconds_per_batch") return training_time(point);
  return of_point(point, metric);
}

std::string missing_reason(const sweeps::PublishedRow& row, const std::string& metric, const std::string& to_run,
                           bool has_point) {
  if (!row.point)
    return "another system: score its samples with `checkerlab score --json` and give the file with --score";
  if (!has_point) return "no point of this ratio and these steps; " + to_run;
  if (metric == "seconds") return "its time was not measured: `measure_latency` in the study's definition";
  if (metric == "precision" || metric == "recall") return "not among the study's evaluation.metrics";
  return "not measured by this study";
}

sweeps::PublishedConditions of_files(sweeps::PublishedConditions printed, const MeasuredUnder& under) {
  // A file of scores names its reference by hash alone; whether it is the printed one is the user's word.
  printed.reference = under.reference;
  return printed;
}

// Scores that were given for the row: of the data set, model and sampling that the user says.
Value of_score(const GivenScore& score, const std::string& metric, const sweeps::PublishedConditions& printed) {
  Value value{std::nullopt, score.under};
  value.under.dataset = printed.dataset;
  value.under.classes = printed.classes;
  value.under.image_size = printed.image_size;
  const auto found = score.metrics.find(metric);
  if (found != score.metrics.end()) value.ours = Ours{found->second.value, found->second.uncertainty, false};
  return value;
}

Printed printed_of(const sweeps::PublishedTable& table, const sweeps::PublishedRow& row,
                   const sweeps::PublishedColumn& column) {
  return {.metric = column.metric,
          .value = row.values.at(column.metric),
          .decimals = column.decimals,
          .samples = table.conditions.samples};
}

ComparedCell cell_of(const Printed& printed, const std::string& column, const Value& value,
                     const std::vector<std::string>& differing, const std::string& missing) {
  return {.printed = printed,
          .column = column,
          .ours = value.ours,
          .verdict = judge(printed, value.ours, differing, {missing})};
}

ComparedRow compare_row(const sweeps::PublishedTable& table, const sweeps::PublishedRow& row, const Measured& measured,
                        const std::string& to_run) {
  ComparedRow compared{.name = row.name, .measured_as = "", .cells = {}};
  const auto score = std::ranges::find(measured.scores, row.name, &GivenScore::row);
  const bool given = score != measured.scores.end();
  const MeasuredPoint* point = row.point ? best_match(table.conditions, *row.point, measured.points) : nullptr;
  if (point) compared.measured_as = in_words(*point);
  if (given) compared.measured_as += (point ? "; " : "") + std::string("scores of ") + score->file;
  for (const auto& column : table.columns) {
    const Printed printed = printed_of(table, row, column);
    Value value;
    std::vector<std::string> differing;
    if (given) value = of_score(*score, column.metric, table.conditions);
    if (value.ours) {
      differing =
          differing_conditions(column.metric, of_files(table.conditions, value.under), std::nullopt, value.under);
    } else if (point) {
      value = value_of(*point, column.metric, measured, table.conditions);
      differing = differing_conditions(column.metric, table.conditions, row.point, value.under);
    }
    compared.cells.push_back(
        cell_of(printed, column.name, value, differing, missing_reason(row, column.metric, to_run, point != nullptr)));
  }
  return compared;
}

std::string conditions_in_words(const sweeps::PublishedConditions& printed) {
  return "Printed numbers: " + printed.dataset + " " + std::to_string(printed.image_size) +
         " px, N = " + grouped(printed.samples) + ", " + printed.network + ", reference " + printed.reference +
         "; times on " + printed.device + ", batch " + std::to_string(printed.batch) + ".";
}

}  // namespace

ComparedTable compare(const sweeps::PublishedTable& table, const Measured& measured, const std::string& to_run) {
  ComparedTable compared{
      .caption = table.caption, .conditions = conditions_in_words(table.conditions), .columns = {}, .rows = {}};
  for (const auto& column : table.columns)
    compared.columns.push_back(column.name);
  for (const auto& row : table.rows)
    compared.rows.push_back(compare_row(table, row, measured, to_run));
  return compared;
}

plot::DotPlot fid_plot(const ComparedTable& table, const std::string& title) {
  plot::DotPlot plot{.title = title,
                     .subtitle = "FID as printed and as measured; bars: one standard error",
                     .value_name = "FID (lower is better)",
                     .series = {"printed", "measured"},
                     .rows = {}};
  for (const ComparedRow& row : table.rows) {
    const auto cell =
        std::ranges::find_if(row.cells, [](const ComparedCell& one) { return one.printed.metric == "fid"; });
    if (cell == row.cells.end()) continue;
    plot::DotRow dots{row.name,
                      {plot::Dot{cell->printed.value, 0, row.name + ", printed: " + printed_in_words(*cell)}}};
    dots.dots.push_back(
        cell->ours ? std::optional(plot::Dot{cell->ours->value, cell->ours->uncertainty.value_or(0),
                                             row.name + ", measured: " + ours_in_words(*cell) + " (" + row.measured_as +
                                                 "), " + in_words(cell->verdict, cell->printed.decimals)})
                   : std::nullopt);
    plot.rows.push_back(std::move(dots));
  }
  return plot;
}

void check_rows(const sweeps::PublishedTable& table, const std::vector<GivenScore>& scores) {
  std::vector<std::string> names;
  for (const auto& row : table.rows)
    names.push_back(row.name);
  for (const GivenScore& score : scores) {
    if (std::ranges::find(names, score.row) != names.end()) continue;
    const auto nearest = nearest_name(score.row, names);
    throw Error(ErrorCode::not_found, "the table has no row '" + score.row + "'",
                nearest ? "Did you mean '" + *nearest + "'?" : "Its rows are named in sweeps/paper/published.yaml.");
  }
}

}  // namespace checkerlab::cli::reproduce
