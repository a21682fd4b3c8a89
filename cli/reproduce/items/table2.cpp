#include <algorithm>
#include <cmath>

#include "base/plot/cell_grids.hpp"
#include "base/text/number.hpp"
#include "cli/reproduce/claims/words.hpp"
#include "cli/reproduce/items/compare.hpp"
#include "cli/reproduce/items/inputs.hpp"

namespace checkerlab::cli::reproduce {
namespace {

// The weights of one model: layer by layer, head by head.
plot::GridPanel panel_of(const std::vector<MixingWeight>& weights) {
  plot::GridPanel panel{.title = weights.front().study + ", " + ratio_in_words(weights.front().ratio) + ", mixing in " +
                                 std::to_string(weights.front().mixing_layers) + " layers",
                        .rows = 0,
                        .columns = 0,
                        .cells = {}};
  double largest = 0;
  for (const MixingWeight& one : weights) {
    panel.rows = std::max(panel.rows, static_cast<int>(one.layer) + 1);
    panel.columns = std::max(panel.columns, static_cast<int>(one.head) + 1);
    largest = std::max(largest, std::abs(one.weight));
  }
  panel.cells.resize(static_cast<std::size_t>(panel.rows) * static_cast<std::size_t>(panel.columns));
  for (const MixingWeight& one : weights) {
    auto& cell = panel.cells[static_cast<std::size_t>(one.layer * panel.columns + one.head)];
    cell = {.look = one.weight < 0 ? 0 : 1,
            .opacity = largest > 0 ? std::abs(one.weight) / largest : 0,
            .label = "",
            .hover = "layer " + std::to_string(one.layer) + ", head " + std::to_string(one.head) + ": " +
                     compact(one.weight, 3)};
  }
  return panel;
}

plot::CellGrids grids_of(const std::vector<MixingWeight>& weights) {
  plot::CellGrids grids{.title = "Table 2(b): mixing weights before the sigmoid",
                        .subtitle = "rows: layers from the first; columns: heads",
                        .panels = {},
                        .panels_per_row = 2,
                        .panel_width = 320,
                        .legend = {"negative: sampled positions", "positive: output positions"}};
  std::vector<MixingWeight> one;
  for (const MixingWeight& weight : weights) {
    const bool other =
        !one.empty() && (one.back().study_id != weight.study_id || one.back().mixing_layers != weight.mixing_layers ||
                         one.back().ratio != weight.ratio);
    if (other) grids.panels.push_back(panel_of(one));
    if (other) one.clear();
    one.push_back(weight);
  }
  if (!one.empty()) grids.panels.push_back(panel_of(one));
  return grids;
}

// How many of a layer's heads use the sampled positions.
MeasuredTable table_of(const std::vector<MixingWeight>& weights) {
  MeasuredTable table{.caption = "Mixing weights by layer (the paper shows them as colours, without numbers)",
                      .columns = {"Study", "Mixing layers", "Layer", "Mean weight", "Negative heads", "Heads"},
                      .rows = {}};
  for (std::size_t at = 0; at < weights.size();) {
    const MixingWeight& first = weights[at];
    double sum = 0;
    std::size_t negative = 0, count = 0;
    for (; at < weights.size() && weights[at].study_id == first.study_id && weights[at].layer == first.layer &&
           weights[at].mixing_layers == first.mixing_layers;
         ++at, ++count) {
      sum += weights[at].weight;
      negative += weights[at].weight < 0 ? 1 : 0;
    }
    table.rows.push_back({first.study, std::to_string(first.mixing_layers), std::to_string(first.layer),
                          compact(sum / static_cast<double>(count), 3), std::to_string(negative),
                          std::to_string(count)});
  }
  return table;
}

}  // namespace

Report make_table2(const Inputs& inputs) {
  const auto& table = sweeps::published_table(inputs.published, "table2a");
  check_rows(table, inputs.scores);
  const auto ids = ids_of(inputs.studies);
  Report report{.item = "table2", .title = "Table 2: " + table.caption};
  const Measured measured{read_points(inputs.ask, ids), {}, inputs.scores};
  if (measured.points.empty()) report.notes.push_back(nothing_measured(inputs, "measured points", "table2"));
  report.notes.emplace_back(
      "The paper says neither ratio, steps nor guidance of this table: ours is ratio 2 at the steps and guidance with "
      "the "
      "least FID. Seconds a batch are those of training.");
  report.compared.push_back(compare(table, measured, how_to_run("table2")));
  report.pictures.push_back({"table2.svg", plot::dot_plot_svg(fid_plot(report.compared.front(), report.title)),
                             "FID of every row, printed and measured"});
  const auto weights = read_mixing_weights(inputs.ask, ids);
  if (weights.empty()) {
    report.notes.push_back("Table 2(b), the mixing weights: not run; " + how_to_run("table2") + ".");
    return report;
  }
  report.pictures.push_back(
      {"table2b.svg", plot::cell_grids_svg(grids_of(weights)), "Mixing weights by layer and head"});
  report.measured.push_back(table_of(weights));
  return report;
}

}  // namespace checkerlab::cli::reproduce
