// A stand-alone SVG document with one panel of measured points, joined by lines where they belong together, with error
// bars both ways: FID against Inception Score. Pure and thread-safe.
#pragma once

#include <string>
#include <vector>

namespace checkerlab::plot {

struct ChartPoint {
  double x = 0, y = 0;              // a point that is not finite is left out
  double x_error = 0, y_error = 0;  // half lengths of the bars; 0 or not finite: none
  std::string hover;                // what the point says of itself
};

struct PointSeries {
  std::string label;
  std::vector<ChartPoint> points;  // joined in this order
};

struct PointChart {
  std::string title, subtitle;
  std::string x_name, y_name;
  std::vector<PointSeries> series;
};

// A chart without any finite point says so.
std::string point_chart_svg(const PointChart& chart);

}  // namespace checkerlab::plot
