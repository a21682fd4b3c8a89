#include "cli/reproduce/items/best_points.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/text/number.hpp"

namespace checkerlab::cli::reproduce {
namespace {

constexpr double kNearTheLeast = 1.02;

using Members = std::vector<const MeasuredPoint*>;

std::optional<figure::Measured> metric(const MeasuredPoint& point, const char* name) {
  const auto found = point.metrics.find(name);
  if (found == point.metrics.end() || !std::isfinite(found->second.value)) return std::nullopt;
  return found->second;
}

auto group_of(const MeasuredPoint& point) {
  return std::tie(point.under.ratio, point.under.model.mixing_layers, point.under.steps_per_scale, point.total_steps,
                  point.under.samples, point.how);
}

ScoreRange range_of(const Members& members, double least_fid) {
  ScoreRange range;
  for (const MeasuredPoint* member : members) {
    const auto score = metric(*member, "inception_score");
    if (!score || metric(*member, "fid")->value > kNearTheLeast * least_fid) continue;
    range.least = range.values == 0 ? score->value : std::min(range.least, score->value);
    range.most = range.values == 0 ? score->value : std::max(range.most, score->value);
    range.mean += score->value;
    ++range.values;
  }
  if (range.values > 0) range.mean /= static_cast<double>(range.values);
  return range;
}

BestPoint best_of(const Members& members) {
  const MeasuredPoint& best =
      **std::ranges::min_element(members, {}, [](const MeasuredPoint* one) { return metric(*one, "fid")->value; });
  return {.ratio = best.under.ratio,
          .ratio_label = best.ratio_label,
          .point = {.steps_per_scale = static_cast<int>(best.under.steps_per_scale),
                    .total_steps = best.total_steps,
                    .guidance = best.under.guidance,
                    .samples = best.under.samples,
                    .fid = metric(best, "fid"),
                    .inception_score = metric(best, "inception_score")},
          .score = range_of(members, metric(best, "fid")->value),
          .how = best.how,
          .mixing_layers = best.under.model.mixing_layers};
}

template <typename Value>
std::size_t place_of(std::vector<Value>& list, const Value& value) {
  const auto found = std::ranges::find(list, value);
  if (found != list.end()) return static_cast<std::size_t>(found - list.begin());
  list.push_back(value);
  return list.size() - 1;
}

}  // namespace

std::vector<BestPoint> best_points(const std::vector<MeasuredPoint>& points) {
  std::vector<Members> groups;
  for (const MeasuredPoint& point : points) {
    if (!metric(point, "fid")) continue;
    auto group = std::ranges::find_if(
        groups, [&](const Members& members) { return group_of(*members.front()) == group_of(point); });
    if (group == groups.end()) group = groups.insert(groups.end(), Members{});
    group->push_back(&point);
  }
  std::vector<BestPoint> best;
  for (const Members& members : groups)
    best.push_back(best_of(members));
  return best;
}

figure::Figure figure_of(const std::string& title, const std::vector<BestPoint>& points) {
  figure::Figure figure{.title = title,
                        .subtitle = "each point at its guidance with the lowest FID · bars: one standard error",
                        .notes = {},
                        .series = {}};
  using Way = std::pair<MeasuredHow, int>;
  std::vector<Way> ways;
  for (const BestPoint& point : points)
    place_of(ways, Way{point.how, point.mixing_layers});
  for (std::size_t i = 0; i < ways.size(); ++i)
    figure.notes.push_back("Measured " + (ways.size() > 1 ? way_mark(i) + " " : "") + "with " +
                           describe(ways[i].first) +
                           (ways.size() > 1 ? ", mixing in " + std::to_string(ways[i].second) + " layers" : ""));
  for (const BestPoint& point : points) {
    const auto way = place_of(ways, Way{point.how, point.mixing_layers});
    const std::string label = point.ratio_label + (ways.size() > 1 ? " " + way_mark(way) : "");
    auto series = std::ranges::find(figure.series, label, &figure::Series::label);
    if (series == figure.series.end())
      series = figure.series.insert(series, {.ratio = point.ratio, .label = label, .points = {}});
    series->points.push_back(point.point);
  }
  return figure;
}

}  // namespace checkerlab::cli::reproduce
