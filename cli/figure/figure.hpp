#pragma once
// What the figure shows: FID and Inception Score of every scale ratio, by steps per scale and by total steps, each
// point at its best guidance. Plain values.
#include <optional>
#include <string>
#include <vector>

namespace checkerlab::cli::figure {

/// A measured number and, where it is known, its standard error.
struct Measured {
  double value = 0;
  std::optional<double> uncertainty;
};

/// Mean and range of the Inception Score over all guidance values whose FID is within 2 % of the lowest.
struct Range {
  double mean = 0, least = 0, most = 0;
};

struct Point {
  int steps_per_scale = 0;
  int total_steps = 0;
  double guidance = 0;
  long long samples = 0;
  std::optional<Measured> fid;
  std::optional<Measured> inception_score;
  std::optional<Range> inception_range = std::nullopt;
};

/// One line of the figure: all points of one scale ratio.
struct Series {
  std::string ratio;  ///< as in the definition: "sqrt2", "2", "single"
  std::string label;  ///< as people read it: "√2", "2", "single scale"
  std::vector<Point> points;
};

struct Figure {
  std::string title;
  std::string subtitle;
  std::vector<std::string> notes;  ///< how the numbers were measured, a line each below the panels
  std::vector<Series> series;
};

}  // namespace checkerlab::cli::figure
