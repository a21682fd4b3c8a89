#include "cli/figure/from_api.hpp"

#include <algorithm>
#include <set>

#include "base/text/number.hpp"
#include "cli/results/rows.hpp"

namespace checkerlab::cli::figure {
namespace {

std::string samples_text(const std::vector<ResultRow>& rows) {
  std::set<long long> counts;
  for (const ResultRow& row : rows)
    counts.insert(row.point.samples);
  if (counts.empty()) return "nothing measured yet";
  std::string text = "N = " + grouped(*counts.begin());
  return counts.size() == 1 ? text : text + " to " + grouped(*counts.rbegin());
}

std::string subtitle_of(const std::vector<ResultRow>& rows) {
  const std::string text = samples_text(rows);
  return rows.empty() ? text : text + " · each point at its guidance with the lowest FID · bars: one standard error";
}

std::vector<std::string> notes_of(const std::vector<MeasuredHow>& ways) {
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < ways.size(); ++i) {
    notes.push_back("Measured " + (ways.size() > 1 ? way_mark(i) + " " : "") + "with " + describe(ways[i]));
  }
  return notes;
}

Series& series_of(Figure& figure, const std::string& ratio, const std::string& label) {
  const auto found =
      std::find_if(figure.series.begin(), figure.series.end(), [&](const Series& s) { return s.label == label; });
  if (found != figure.series.end()) return *found;
  return figure.series.emplace_back(Series{.ratio = ratio, .label = label, .points = {}});
}

}  // namespace

std::string ratio_label(const std::string& ratio) {
  return ratio == "sqrt2" ? "√2" : ratio;
}

Figure from_api(const std::string& title, const nlohmann::json& document) {
  const auto rows = result_rows(document);
  const auto ways = distinct_ways(rows);
  Figure figure{.title = title, .subtitle = subtitle_of(rows), .notes = notes_of(ways), .series = {}};
  for (const ResultRow& row : rows) {
    const auto way = static_cast<std::size_t>(std::find(ways.begin(), ways.end(), row.how) - ways.begin());
    const std::string label = ways.size() > 1 ? row.label + " " + way_mark(way) : row.label;
    series_of(figure, row.ratio, label).points.push_back(row.point);
  }
  return figure;
}

}  // namespace checkerlab::cli::figure
