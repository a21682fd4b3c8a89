// Figures 1 and 3, drawn from the order itself: they need no study.
#include <algorithm>

#include "base/order/checkerboard.hpp"
#include "base/plot/cell_grids.hpp"
#include "cli/reproduce/items/inputs.hpp"
#include "sweeps/pyramid.hpp"

namespace checkerlab::cli::reproduce {
namespace {

constexpr int kNew = 0, kEarlier = 1;

// What is sampled in `step` (from 0) of a scale cut into `steps` steps.
plot::GridPanel step_panel(int side, int steps, int step, const std::string& title) {
  const auto rank = checkerboard_rank(side);
  const int block = sweeps::block_size(side, steps);
  plot::GridPanel panel{.title = title, .rows = side, .columns = side, .cells = {}};
  for (std::size_t i = 0; i < rank.size(); ++i) {
    const int at = static_cast<int>(rank[i]) / block;
    plot::GridCell cell;
    cell.hover = "row " + std::to_string(i / static_cast<std::size_t>(side) + 1) + ", column " +
                 std::to_string(i % static_cast<std::size_t>(side) + 1) + ": step " + std::to_string(at + 1);
    if (at <= step) cell.look = at == step ? kNew : kEarlier;
    if (at < step) cell.opacity = 0.45;
    panel.cells.push_back(std::move(cell));
  }
  return panel;
}

int steps_of(int side, int steps) {
  const std::vector<int> one{side};
  return sweeps::total_steps(one, steps);
}

plot::GridPanel rank_panel(int side) {
  const auto rank = checkerboard_rank(side);
  plot::GridPanel panel{.title = "full order, from 1", .rows = side, .columns = side, .cells = {}};
  for (const auto place : rank)
    panel.cells.push_back({.look = kNew,
                           .opacity = 0.75 - 0.7 * static_cast<double>(place) / static_cast<double>(rank.size()),
                           .label = std::to_string(place + 1),
                           .hover = ""});
  return panel;
}

MeasuredTable rank_table(int side) {
  MeasuredTable table{.caption = "Place of each location in the order", .columns = {"row"}, .rows = {}};
  const auto rank = checkerboard_rank(side);
  for (int column = 1; column <= side; ++column)
    table.columns.push_back("column " + std::to_string(column));
  for (int row = 0; row < side; ++row) {
    table.rows.push_back({std::to_string(row + 1)});
    for (int column = 0; column < side; ++column)
      table.rows.back().push_back(std::to_string(rank[static_cast<std::size_t>(row * side + column)] + 1));
  }
  return table;
}

}  // namespace

Report make_fig1(const Inputs& inputs) {
  constexpr int kGrid = 16, kSteps = 8;
  const auto sizes = sweeps::scale_sizes(kGrid, sweeps::ratio_of(2));
  const int total = sweeps::total_steps(sizes, kSteps);
  Report report{.item = "fig1", .title = "Figure 1: what is sampled at each step"};
  plot::CellGrids grids{.title = report.title,
                        .subtitle = "scale factor 2, 8 steps per scale, " + std::to_string(total) + " steps in all",
                        .panels = {},
                        .panels_per_row = kSteps,
                        .panel_width = 104,
                        .legend = {"sampled in this step", "sampled before"}};
  MeasuredTable table{
      .caption = "Steps of each scale", .columns = {"Scale", "Tokens", "Tokens a step", "Steps"}, .rows = {}};
  for (const int side : sizes) {
    const int steps = steps_of(side, kSteps);
    const std::string scale = std::to_string(side) + "×" + std::to_string(side);
    for (int step = 0; step < steps; ++step)
      grids.panels.push_back(step_panel(side, kSteps, step, scale + ", step " + std::to_string(step + 1)));
    table.rows.push_back(
        {scale, std::to_string(side * side), std::to_string(sweeps::block_size(side, kSteps)), std::to_string(steps)});
  }
  report.notes.push_back("The paper shows: " + sweeps::published_figure(inputs.published, "fig1").shows +
                         ". Here the masks are drawn from the order itself; images of each step come from `checkerlab "
                         "model sample`. No numbers are printed.");
  report.pictures.push_back({"fig1.svg", plot::cell_grids_svg(grids), "Locations sampled at each step of each scale"});
  report.measured.push_back(std::move(table));
  return report;
}

Report make_fig3(const Inputs& inputs) {
  constexpr int kSide = 8, kSteps = 8;
  Report report{.item = "fig3", .title = "Figure 3: the progressive checkerboard on an 8×8 grid"};
  plot::CellGrids grids{.title = report.title,
                        .subtitle = "in 8 steps, and the full order",
                        .panels = {},
                        .panels_per_row = 3,
                        .panel_width = 220,
                        .legend = {"sampled in this step", "sampled before"}};
  for (int step = 0; step < kSteps; ++step)
    grids.panels.push_back(step_panel(kSide, kSteps, step, "step " + std::to_string(step + 1)));
  grids.panels.push_back(rank_panel(kSide));
  report.notes.push_back("The paper shows: " + sweeps::published_figure(inputs.published, "fig3").shows +
                         ". Drawn from the order itself, the one that models are trained and sampled in.");
  report.pictures.push_back({"fig3.svg", plot::cell_grids_svg(grids), "The order in 8 steps, and in full"});
  report.measured.push_back(rank_table(kSide));
  return report;
}

}  // namespace checkerlab::cli::reproduce
