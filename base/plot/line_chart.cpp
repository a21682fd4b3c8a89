#include "base/plot/line_chart.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/plot/axis.hpp"
#include "base/plot/document.hpp"
#include "base/plot/style.hpp"
#include "base/plot/svg.hpp"
#include "base/text/number.hpp"
#include "base/text/text_width.hpp"

namespace checkerlab::plot {
namespace {

constexpr double kWidth = 760, kHeight = 440, kLeft = 72, kTop = 104, kPanelWidth = 660, kPanelHeight = 272;
constexpr double kRight = kLeft + kPanelWidth, kBottom = kTop + kPanelHeight;
constexpr int kTicks = 6;

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  void add(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

struct Axes {
  Axis x, y;
};

void check(const LineSeries& series) {
  const auto fits = [&](const std::vector<double>& list) { return list.empty() || list.size() == series.x.size(); };
  if (series.y.size() != series.x.size() || !fits(series.low) || !fits(series.high))
    throw Error(ErrorCode::invalid_argument, "the line '" + series.label + "' has lists of different lengths");
}

// Nothing when there is nothing to draw.
std::vector<Axes> axes_of(const LineChart& chart) {
  Range x, y;
  for (const LineSeries& series : chart.series) {
    check(series);
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      if (!std::isfinite(series.y[i])) continue;
      x.add(series.x[i]);
      y.add(series.y[i]);
      if (!series.low.empty()) y.add(series.low[i]);
      if (!series.high.empty()) y.add(series.high[i]);
    }
  }
  if (!(x.low <= x.high)) return {};
  const double room = 0.05 * (y.high - y.low);
  return {{Axis::linear(x.low, x.high, kLeft, kRight), Axis::linear(y.low - room, y.high + room, kBottom, kTop)}};
}

// A word that would run into the next one is left out; its line stays.
std::string marks(const std::vector<LineMark>& marks, const Axes& axes) {
  constexpr double kWordWidth = 28;
  std::string svg;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const double x = axes.x.at(marks[i].x);
    svg += line("frame", x, kTop, x, kBottom);
    if (i + 1 < marks.size() && axes.x.at(marks[i + 1].x) - x < kWordWidth) continue;
    svg += text("muted note", x + 3, kTop + 11, "start", marks[i].label);
  }
  return svg;
}

std::string grid(const LineChart& chart, const Axes& axes) {
  std::string svg;
  const auto rows = linear_ticks(axes.y.low(), axes.y.high(), kTicks);
  for (const double tick : rows) {
    svg += line("grid", kLeft, axes.y.at(tick), kRight, axes.y.at(tick));
    svg += text("muted tick", kLeft - 8, axes.y.at(tick) + 4, "end", fixed(tick, tick_decimals(rows)));
  }
  const auto columns = linear_ticks(axes.x.low(), axes.x.high(), kTicks);
  for (const double tick : columns)
    svg += text("muted tick", axes.x.at(tick), kBottom + 18, "middle", fixed(tick, tick_decimals(columns)));
  svg += marks(chart.marks, axes);
  return svg + line("frame", kLeft, kTop, kLeft, kBottom) + line("frame", kLeft, kBottom, kRight, kBottom) + "\n";
}

std::string band(const LineSeries& series, const Axes& axes) {
  if (series.low.empty() || series.high.empty()) return "";
  std::string upper, lower;
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    if (!std::isfinite(series.low[i]) || !std::isfinite(series.high[i])) continue;
    const std::string x = coordinate(axes.x.at(series.x[i]));
    upper += (upper.empty() ? "M" : "L") + x + " " + coordinate(axes.y.at(series.high[i]));
    lower = "L" + x + " " + coordinate(axes.y.at(series.low[i])) + lower;
  }
  return upper.empty() ? "" : "<path class=\"marker\" fill-opacity=\"0.2\" d=\"" + upper + lower + "Z\"/>";
}

std::string drawn(const LineSeries& series, std::size_t index, const Axes& axes) {
  std::string path;
  bool pen_down = false;
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    const bool finite = std::isfinite(series.x[i]) && std::isfinite(series.y[i]);
    if (finite)
      path += (pen_down ? "L" : "M") + coordinate(axes.x.at(series.x[i])) + " " + coordinate(axes.y.at(series.y[i]));
    pen_down = finite;
  }
  return "<g class=\"" + line_class(index) + "\">" + band(series, axes) + "<path class=\"line\" d=\"" + path +
         "\"/></g>\n";
}

std::string legend(const LineChart& chart) {
  if (chart.series.size() < 2) return "";
  std::string svg;
  double x = kLeft;
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    const std::string& label = chart.series[i].label;
    svg += "<g class=\"" + line_class(i) + "\"><path class=\"line\" d=\"M" + coordinate(x) + " 78h24\"/>" +
           text("ink", x + 30, 82, "start", label) + "</g>";
    x += 54 + 7.5 * static_cast<double>(text_width(label));
  }
  return svg + "\n";
}

}  // namespace

std::string line_chart_svg(const LineChart& chart) {
  const auto axes = axes_of(chart);
  std::string svg = document_head({.width = kWidth,
                                   .height = kHeight,
                                   .lines = chart.series.size(),
                                   .title = chart.title,
                                   .subtitle = chart.subtitle,
                                   .description = chart.y_name + " by " + chart.x_name,
                                   .left = kLeft,
                                   .columns = 70}) +
                    legend(chart);
  svg += text("ink label", kLeft, kTop - 6, "start", chart.y_name);
  svg += text("ink label", (kLeft + kRight) / 2, kBottom + 42, "middle", chart.x_name) + "\n";
  if (axes.empty())
    return svg + text("muted", (kLeft + kRight) / 2, (kTop + kBottom) / 2, "middle", "no values") + "</svg>\n";
  svg += grid(chart, axes.front());
  for (std::size_t i = 0; i < chart.series.size(); ++i)
    svg += drawn(chart.series[i], i, axes.front());
  return svg + "</svg>\n";
}

}  // namespace checkerlab::plot
