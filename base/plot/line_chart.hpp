// A stand-alone SVG document with one panel of lines: training curves, entropy by step. Pure and thread-safe.
#pragma once

#include <string>
#include <vector>

namespace checkerlab::plot {

struct LineSeries {
  std::string label;
  std::vector<double> x, y;       // of equal length; values that are not finite leave a gap
  std::vector<double> low, high;  // a band around the line, e.g. quartiles; empty, or as long as x
};

// A vertical line with a word at its top.
struct LineMark {
  double x = 0;
  std::string label;
};

struct LineChart {
  std::string title, subtitle;
  std::string x_name, y_name;
  std::vector<LineSeries> series;
  std::vector<LineMark> marks;
};

// Throws Error(invalid_argument) when the lists of a series differ in length. A chart without any finite value says so.
std::string line_chart_svg(const LineChart& chart);

}  // namespace checkerlab::plot
