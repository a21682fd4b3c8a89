// A stand-alone SVG document of panels, each a grid of cells: the order of a grid's locations, weights by layer and
// head. Pure and thread-safe.
#pragma once

#include <string>
#include <vector>

namespace checkerlab::plot {

struct GridCell {
  int look = -1;       // of style_sheet; −1: empty
  double opacity = 1;  // 0 … 1
  std::string label;   // written in the cell
  std::string hover;   // what the cell says of itself
};

struct GridPanel {
  std::string title;
  int rows = 0, columns = 0;
  std::vector<GridCell> cells;  // row by row
};

struct CellGrids {
  std::string title, subtitle;
  std::vector<GridPanel> panels;
  int panels_per_row = 4;
  double panel_width = 150;         // of the longer side of a panel
  std::vector<std::string> legend;  // one a look
};

// Throws Error(invalid_argument) when a panel has another number of cells than rows × columns, or no panel is to stand
// in a row.
std::string cell_grids_svg(const CellGrids& grids);

}  // namespace checkerlab::plot
