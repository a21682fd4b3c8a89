#include "base/plot/point_chart.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "base/plot/axis.hpp"
#include "base/plot/document.hpp"
#include "base/plot/style.hpp"
#include "base/plot/svg.hpp"
#include "base/text/number.hpp"
#include "base/text/text_width.hpp"

namespace checkerlab::plot {
namespace {

constexpr double kWidth = 760, kHeight = 520, kLeft = 72, kTop = 120, kPanelWidth = 660, kPanelHeight = 330;
constexpr double kRight = kLeft + kPanelWidth, kBottom = kTop + kPanelHeight, kRoom = 0.06, kCap = 3.5;
constexpr int kTicks = 6;

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  void add(double value, double error) {
    low = std::min(low, value - error);
    high = std::max(high, value + error);
  }
};

struct Axes {
  Axis x, y;
};

double bar(double error) {
  return std::isfinite(error) && error > 0 ? error : 0;
}

bool drawable(const ChartPoint& point) {
  return std::isfinite(point.x) && std::isfinite(point.y);
}

std::optional<Axes> axes_of(const PointChart& chart) {
  Range x, y;
  for (const PointSeries& series : chart.series) {
    for (const ChartPoint& point : series.points) {
      if (!drawable(point)) continue;
      x.add(point.x, bar(point.x_error));
      y.add(point.y, bar(point.y_error));
    }
  }
  if (!(x.low <= x.high)) return std::nullopt;
  const double x_room = kRoom * (x.high - x.low), y_room = kRoom * (y.high - y.low);
  return Axes{Axis::linear(x.low - x_room, x.high + x_room, kLeft, kRight),
              Axis::linear(y.low - y_room, y.high + y_room, kBottom, kTop)};
}

std::string grid(const Axes& axes) {
  std::string svg;
  const auto rows = linear_ticks(axes.y.low(), axes.y.high(), kTicks);
  for (const double tick : rows) {
    svg += line("grid", kLeft, axes.y.at(tick), kRight, axes.y.at(tick));
    svg += text("muted tick", kLeft - 8, axes.y.at(tick) + 4, "end", fixed(tick, tick_decimals(rows)));
  }
  const auto columns = linear_ticks(axes.x.low(), axes.x.high(), kTicks);
  for (const double tick : columns) {
    svg += line("grid", axes.x.at(tick), kTop, axes.x.at(tick), kBottom);
    svg += text("muted tick", axes.x.at(tick), kBottom + 18, "middle", fixed(tick, tick_decimals(columns)));
  }
  return svg + line("frame", kLeft, kTop, kLeft, kBottom) + line("frame", kLeft, kBottom, kRight, kBottom) + "\n";
}

std::string bars(const ChartPoint& point, const Axes& axes) {
  const double x = axes.x.at(point.x), y = axes.y.at(point.y);
  std::string path;
  if (const double error = bar(point.y_error); error > 0) {
    const std::string low = coordinate(axes.y.at(point.y - error)), high = coordinate(axes.y.at(point.y + error));
    const std::string left = coordinate(x - kCap), right = coordinate(x + kCap);
    path += "M" + left + " " + low + "H" + right + "M" + left + " " + high + "H" + right + "M" + coordinate(x) + " " +
            low + "V" + high;
  }
  if (const double error = bar(point.x_error); error > 0) {
    const std::string low = coordinate(axes.x.at(point.x - error)), high = coordinate(axes.x.at(point.x + error));
    const std::string top = coordinate(y - kCap), bottom = coordinate(y + kCap);
    path += "M" + low + " " + top + "V" + bottom + "M" + high + " " + top + "V" + bottom + "M" + low + " " +
            coordinate(y) + "H" + high;
  }
  return path.empty() ? "" : "<path class=\"bar\" d=\"" + path + "\"/>";
}

std::string drawn(const PointSeries& series, std::size_t index, const Axes& axes) {
  std::string path, error_bars, markers;
  for (const ChartPoint& point : series.points) {
    if (!drawable(point)) continue;
    const double x = axes.x.at(point.x), y = axes.y.at(point.y);
    path += (path.empty() ? "M" : "L") + coordinate(x) + " " + coordinate(y);
    error_bars += bars(point, axes);
    markers += "<path class=\"marker halo\" d=\"" + marker_path(index, x, y) + "\"><title>" + escaped(point.hover) +
               "</title></path>";
  }
  return "<g class=\"" + line_class(index) + "\"><path class=\"line\" d=\"" + path + "\"/>" + error_bars + markers +
         "</g>\n";
}

std::string legend(const PointChart& chart) {
  std::string svg;
  double x = kLeft;
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    const std::string& label = chart.series[i].label;
    svg += "<g class=\"" + line_class(i) + "\"><path class=\"line\" d=\"M" + coordinate(x) +
           " 82h28\"/><path class=\"marker halo\" d=\"" + marker_path(i, x + 14, 82) + "\"/>" +
           text("ink", x + 36, 86, "start", label) + "</g>";
    x += 64 + 7.5 * static_cast<double>(text_width(label));
  }
  return svg + "\n";
}

}  // namespace

std::string point_chart_svg(const PointChart& chart) {
  const auto axes = axes_of(chart);
  std::string svg = document_head({.width = kWidth,
                                   .height = kHeight,
                                   .lines = chart.series.size(),
                                   .title = chart.title,
                                   .subtitle = chart.subtitle,
                                   .description = chart.y_name + " against " + chart.x_name,
                                   .left = kLeft,
                                   .columns = 70}) +
                    legend(chart);
  svg += text("ink label", kLeft, kTop - 8, "start", chart.y_name);
  svg += text("ink label", (kLeft + kRight) / 2, kBottom + 42, "middle", chart.x_name) + "\n";
  if (!axes) return svg + text("muted", (kLeft + kRight) / 2, (kTop + kBottom) / 2, "middle", "no values") + "</svg>\n";
  svg += grid(*axes);
  for (std::size_t i = 0; i < chart.series.size(); ++i)
    svg += drawn(chart.series[i], i, *axes);
  return svg + "</svg>\n";
}

}  // namespace checkerlab::plot
