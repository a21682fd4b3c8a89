// A stand-alone SVG document that compares values by row: one line a row with its name, one marker a series, with error
// bars. Pure and thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace checkerlab::plot {

struct Dot {
  double value = 0;
  double error = 0;   // half length of the bar; 0 or not finite: none
  std::string hover;  // what the marker says of itself
};

struct DotRow {
  std::string name;
  std::vector<std::optional<Dot>> dots;  // one a series; nothing, or a value that is not finite: no marker
};

struct DotPlot {
  std::string title, subtitle;
  std::string value_name;
  std::vector<std::string> series;
  std::vector<DotRow> rows;
};

// Throws Error(invalid_argument) when a row has another number of dots than there are series. A plot without any finite
// value says so.
std::string dot_plot_svg(const DotPlot& plot);

}  // namespace checkerlab::plot
