#include "cli/reproduce/data/curves.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "base/text/number.hpp"

namespace checkerlab::cli::reproduce {
namespace {

using Way = std::tuple<std::string, std::string, std::string, std::int64_t, std::string, int>;

Way way_of(const MeasuredPoint& point) {
  return {point.how.network_sha256, point.how.reference_sha256, point.how.evaluator_version,
          point.under.samples,      point.how.precision,        point.under.model.mixing_layers};
}

std::string in_words(const MeasuredPoint& point) {
  const int mixing = point.under.model.mixing_layers;
  return point.under.network + " (" + point.how.network_sha256.substr(0, 8) + "), reference " + point.under.reference +
         " (" + point.how.reference_sha256.substr(0, 8) + "), evaluator " + point.how.evaluator_version +
         ", N = " + grouped(point.under.samples) + ", " + point.how.precision +
         (mixing < 0 ? "" : ", mixing in " + std::to_string(mixing) + " layers");
}

Estimate over_seeds(const std::vector<Estimate>& seeds) {
  const auto count = static_cast<double>(seeds.size());
  double sum = 0, squares = 0;
  for (const Estimate& seed : seeds) {
    sum += seed.value;
    squares += seed.standard_error * seed.standard_error;
  }
  const double mean = sum / count;
  double spread = 0;
  for (const Estimate& seed : seeds)
    spread += (seed.value - mean) * (seed.value - mean);
  const double of_spread = seeds.size() > 1 ? std::sqrt(spread / (count - 1) / count) : 0;
  return {mean, std::max(std::sqrt(squares) / count, of_spread)};
}

// ratio → total steps → guidance → one estimate a seed
using Seeds = std::map<double, std::vector<Estimate>>;
using Totals = std::map<int, Seeds>;

struct Gathered {
  std::string how;
  std::vector<std::string> ratios;  // in order of appearance
  std::map<std::string, Totals> by_ratio;
};

CurvePoint best_of(int total, const Seeds& seeds) {
  CurvePoint best{total, {INFINITY, 0}};
  for (const auto& entry : seeds) {
    const Estimate fid = over_seeds(entry.second);
    if (fid.value < best.fid.value) best.fid = fid;
  }
  return best;
}

CurveSet finished(const Gathered& gathered) {
  CurveSet set{gathered.how, {}};
  for (const std::string& ratio : gathered.ratios) {
    set.curves.push_back({ratio, {}});
    for (const auto& [total, seeds] : gathered.by_ratio.at(ratio))
      set.curves.back().points.push_back(best_of(total, seeds));
  }
  return set;
}

}  // namespace

std::vector<CurveSet> curve_sets(const std::vector<MeasuredPoint>& points) {
  std::vector<std::pair<Way, Gathered>> ways;
  for (const MeasuredPoint& point : points) {
    const auto fid = point.metrics.find("fid");
    if (fid == point.metrics.end() || !std::isfinite(fid->second.value)) continue;
    const Way way = way_of(point);
    auto found = std::ranges::find_if(ways, [&](const auto& entry) { return entry.first == way; });
    if (found == ways.end()) found = ways.insert(ways.end(), {way, {in_words(point), {}, {}}});
    Gathered& gathered = found->second;
    if (!gathered.by_ratio.contains(point.under.ratio)) gathered.ratios.push_back(point.under.ratio);
    gathered.by_ratio[point.under.ratio][point.total_steps][point.under.guidance].push_back(
        fid_estimate(fid->second.value, fid->second.uncertainty));
  }
  std::vector<CurveSet> sets;
  for (const auto& entry : ways)
    sets.push_back(finished(entry.second));
  return sets;
}

}  // namespace checkerlab::cli::reproduce
