#include "cli/reproduce/items/match.hpp"

#include <cmath>
#include <limits>
#include <tuple>

#include "base/text/number.hpp"

namespace checkerlab::cli::reproduce {
namespace {

bool fits(const sweeps::PublishedPoint& wanted, const MeasuredPoint& point) {
  const MeasuredUnder& under = point.under;
  if (under.ratio != wanted.ratio.value_or("2")) return false;
  if (wanted.steps_per_scale && *wanted.steps_per_scale != under.steps_per_scale) return false;
  if (!wanted.mixing_layers) return true;
  const bool all = *wanted.mixing_layers == preset_shape(wanted.model).layers;
  return under.model.mixing_layers == (all ? under.model.layers : *wanted.mixing_layers);
}

double fid_of(const MeasuredPoint& point) {
  const auto fid = point.metrics.find("fid");
  return fid == point.metrics.end() ? std::numeric_limits<double>::infinity() : fid->second.value;
}

}  // namespace

const MeasuredPoint* best_match(const sweeps::PublishedConditions& conditions, const sweeps::PublishedPoint& wanted,
                                const std::vector<MeasuredPoint>& points) {
  const MeasuredPoint* best = nullptr;
  std::tuple<std::size_t, double> least;
  for (const MeasuredPoint& point : points) {
    if (!fits(wanted, point)) continue;
    // Guidance decides last: it is what a study has most values of.
    sweeps::PublishedPoint others = wanted;
    others.guidance.reset();
    others.guidance_start_step.reset();
    const double distance = wanted.guidance ? std::abs(*wanted.guidance - point.under.guidance) : fid_of(point);
    const std::tuple cost(differing_conditions("fid", conditions, others, point.under).size(), distance);
    if (best && cost >= least) continue;
    best = &point;
    least = cost;
  }
  return best;
}

std::string in_words(const MeasuredPoint& point) {
  return point.study + ": ratio " + point.ratio_label + ", " + std::to_string(point.under.steps_per_scale) +
         " steps per scale, guidance " + compact(point.under.guidance) +
         (point.how.seed == 0 ? "" : ", seed " + std::to_string(point.how.seed));
}

}  // namespace checkerlab::cli::reproduce
