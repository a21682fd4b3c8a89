#include "base/plot/dot_plot.hpp"

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

constexpr double kWidth = 760, kNames = 24, kLeft = 260, kRight = 732, kTop = 112, kRowHeight = 26, kFoot = 56;
constexpr int kTicks = 6;

double bar(const Dot& dot) {
  return std::isfinite(dot.error) && dot.error > 0 ? dot.error : 0;
}

// Nothing when there is nothing to draw.
std::optional<Axis> axis_of(const DotPlot& plot) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const DotRow& row : plot.rows) {
    if (row.dots.size() != plot.series.size())
      throw Error(ErrorCode::invalid_argument, "the row '" + row.name + "' has not one dot for every series");
    for (const auto& dot : row.dots) {
      if (!dot || !std::isfinite(dot->value)) continue;
      low = std::min(low, dot->value - bar(*dot));
      high = std::max(high, dot->value + bar(*dot));
    }
  }
  if (!(low <= high)) return std::nullopt;
  const double room = 0.06 * (high - low);
  return Axis::linear(low - room, high + room, kLeft, kRight);
}

std::string legend(const DotPlot& plot) {
  std::string svg;
  double x = kNames;
  for (std::size_t i = 0; i < plot.series.size(); ++i) {
    svg += "<g class=\"" + line_class(i) + "\"><path class=\"marker halo\" d=\"" + marker_path(i, x + 6, 82) + "\"/>" +
           text("ink", x + 18, 86, "start", plot.series[i]) + "</g>";
    x += 46 + 7.5 * static_cast<double>(text_width(plot.series[i]));
  }
  return svg + "\n";
}

std::string marker(const Dot& dot, std::size_t series, double y, const Axis& axis) {
  std::string svg = "<g class=\"" + line_class(series) + "\">";
  if (const double error = bar(dot); error > 0)
    svg += "<path class=\"bar\" d=\"M" + coordinate(axis.at(dot.value - error)) + " " + coordinate(y) + "H" +
           coordinate(axis.at(dot.value + error)) + "\"/>";
  return svg + "<path class=\"marker halo\" d=\"" + marker_path(series, axis.at(dot.value), y) + "\"><title>" +
         escaped(dot.hover) + "</title></path></g>";
}

std::string rows(const DotPlot& plot, const std::optional<Axis>& axis) {
  std::string svg;
  double y = kTop + kRowHeight / 2;
  for (const DotRow& row : plot.rows) {
    svg += text("ink", kNames, y + 4, "start", fit_to_width(row.name, 32)) + line("grid", kLeft, y, kRight, y);
    for (std::size_t i = 0; axis && i < row.dots.size(); ++i) {
      if (row.dots[i] && std::isfinite(row.dots[i]->value)) svg += marker(*row.dots[i], i, y, *axis);
    }
    svg += "\n";
    y += kRowHeight;
  }
  return svg;
}

std::string ticks(const Axis& axis, double bottom) {
  std::string svg;
  const auto values = linear_ticks(axis.low(), axis.high(), kTicks);
  for (const double tick : values) {
    svg += line("grid", axis.at(tick), kTop, axis.at(tick), bottom);
    svg += text("muted tick", axis.at(tick), bottom + 18, "middle", fixed(tick, tick_decimals(values)));
  }
  return svg + line("frame", kLeft, bottom, kRight, bottom) + "\n";
}

}  // namespace

std::string dot_plot_svg(const DotPlot& plot) {
  const auto axis = axis_of(plot);
  const double bottom = kTop + kRowHeight * static_cast<double>(plot.rows.size());
  std::string svg = document_head({.width = kWidth,
                                   .height = bottom + kFoot,
                                   .lines = plot.series.size(),
                                   .title = plot.title,
                                   .subtitle = plot.subtitle,
                                   .description = plot.value_name + " of each row",
                                   .left = kNames,
                                   .columns = 74}) +
                    legend(plot);
  svg += axis ? ticks(*axis, bottom) : text("muted", (kLeft + kRight) / 2, bottom + 18, "middle", "no values");
  svg += text("ink label", (kLeft + kRight) / 2, bottom + 42, "middle", plot.value_name) + "\n";
  return svg + rows(plot, axis) + "</svg>\n";
}

}  // namespace checkerlab::plot
