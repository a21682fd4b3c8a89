#include "base/plot/cell_grids.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/plot/document.hpp"
#include "base/plot/style.hpp"
#include "base/plot/svg.hpp"
#include "base/text/text_width.hpp"

namespace checkerlab::plot {
namespace {

constexpr double kMargin = 24, kTop = 108, kGap = 18, kTitle = 20, kLeastWidth = 560;

void check(const CellGrids& grids) {
  if (grids.panels_per_row < 1) throw Error(ErrorCode::invalid_argument, "no panel would stand in a row");
  for (const GridPanel& panel : grids.panels) {
    if (panel.rows < 1 || panel.columns < 1 ||
        panel.cells.size() != static_cast<std::size_t>(panel.rows) * static_cast<std::size_t>(panel.columns))
      throw Error(ErrorCode::invalid_argument, "the panel '" + panel.title + "' has not rows × columns cells");
  }
}

std::string cell_svg(const GridCell& cell, double x, double y, double side) {
  std::string svg;
  const std::string box = "x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\" width=\"" + coordinate(side) +
                          "\" height=\"" + coordinate(side) + "\"";
  if (cell.look >= 0)
    svg += "<g class=\"" + line_class(static_cast<std::size_t>(cell.look)) + "\"><rect class=\"marker\" " + box +
           " fill-opacity=\"" + coordinate(std::clamp(cell.opacity, 0.0, 1.0)) + "\"/></g>";
  if (!cell.label.empty()) svg += text("ink note", x + side / 2, y + side / 2 + 4, "middle", cell.label);
  if (!cell.hover.empty())
    svg += "<rect " + box + " fill-opacity=\"0\"><title>" + escaped(cell.hover) + "</title></rect>";
  return svg;
}

std::string panel_svg(const GridPanel& panel, double left, double top, double size) {
  const double side = size / std::max(panel.rows, panel.columns);
  const double width = side * panel.columns, height = side * panel.rows;
  std::string svg = "<g>" + text("muted tick", left, top - 6, "start", panel.title);
  for (int row = 0; row < panel.rows; ++row) {
    for (int column = 0; column < panel.columns; ++column) {
      const auto& cell = panel.cells[static_cast<std::size_t>(row * panel.columns + column)];
      svg += cell_svg(cell, left + side * column, top + side * row, side);
    }
  }
  for (int row = 0; row <= panel.rows; ++row)
    svg += line(row % panel.rows == 0 ? "frame" : "grid", left, top + side * row, left + width, top + side * row);
  for (int column = 0; column <= panel.columns; ++column)
    svg += line(column % panel.columns == 0 ? "frame" : "grid", left + side * column, top, left + side * column,
                top + height);
  return svg + "</g>\n";
}

std::string legend(const CellGrids& grids) {
  std::string svg;
  double x = kMargin;
  for (std::size_t i = 0; i < grids.legend.size(); ++i) {
    svg += "<g class=\"" + line_class(i) + "\"><rect class=\"marker\" x=\"" + coordinate(x) +
           "\" y=\"70\" width=\"12\" height=\"12\"/>" + text("ink", x + 18, 81, "start", grids.legend[i]) + "</g>";
    x += 46 + 7.5 * static_cast<double>(text_width(grids.legend[i]));
  }
  return svg + "\n";
}

std::size_t looks(const CellGrids& grids) {
  int last = static_cast<int>(grids.legend.size()) - 1;
  for (const GridPanel& panel : grids.panels) {
    for (const GridCell& cell : panel.cells)
      last = std::max(last, cell.look);
  }
  return static_cast<std::size_t>(last + 1);
}

}  // namespace

std::string cell_grids_svg(const CellGrids& grids) {
  check(grids);
  const double step = grids.panel_width + kGap;
  const auto count = static_cast<int>(grids.panels.size());
  const int columns = std::min(grids.panels_per_row, std::max(count, 1));
  const int rows = (count + grids.panels_per_row - 1) / grids.panels_per_row;
  const double width = std::max(kLeastWidth, 2 * kMargin + columns * step - kGap);
  std::string svg = document_head({.width = width,
                                   .height = kTop + rows * (step + kTitle) + kMargin,
                                   .lines = looks(grids),
                                   .title = grids.title,
                                   .subtitle = grids.subtitle,
                                   .description = std::to_string(count) + " grids",
                                   .left = kMargin,
                                   .columns = static_cast<std::size_t>(width / 10.5)}) +
                    legend(grids);
  for (int i = 0; i < count; ++i) {
    const double left = kMargin + (i % grids.panels_per_row) * step;
    const double top = kTop + kTitle + (i / grids.panels_per_row) * (step + kTitle);
    svg += panel_svg(grids.panels[static_cast<std::size_t>(i)], left, top, grids.panel_width);
  }
  return svg + "</svg>\n";
}

}  // namespace checkerlab::plot
