// The points of Fig. 5: for every ratio and number of steps the guidance with the least FID. Pure and thread-safe.
#pragma once

#include <string>
#include <vector>

#include "cli/figure/figure.hpp"
#include "cli/reproduce/data/points.hpp"

namespace checkerlab::cli::reproduce {

// The Inception Scores of all guidance values whose FID is within 2 % of the least, as the paper plots them.
struct ScoreRange {
  double mean = 0, least = 0, most = 0;
  std::size_t values = 0;
};

struct BestPoint {
  std::string ratio, ratio_label;
  figure::Point point;  // at the guidance with the least FID
  ScoreRange score;     // values = 0: no Inception Score
  MeasuredHow how;
  int mixing_layers = -1;
};

// One a ratio, mixing, steps per scale, seed and way of measuring, in order of appearance. Points without FID are left
// out.
std::vector<BestPoint> best_points(const std::vector<MeasuredPoint>& points);

// As the figure's values: a line a ratio; where numbers were measured differently, a line each.
figure::Figure figure_of(const std::string& title, const std::vector<BestPoint>& points);

}  // namespace checkerlab::cli::reproduce
