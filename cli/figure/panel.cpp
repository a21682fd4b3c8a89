#include "cli/figure/panel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/plot/axis.hpp"
#include "base/plot/style.hpp"
#include "base/plot/svg.hpp"
#include "base/text/number.hpp"

namespace checkerlab::cli::figure {
namespace {

using namespace plot;

constexpr int kVerticalTicks = 5;
constexpr double kCap = 3.5;

struct Axes {
  Axis x;
  Axis y;
};

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

bool drawable(const Point& point, const PanelSpec& spec) {
  const auto& measured = point.*spec.metric;
  return measured && std::isfinite(measured->value) && point.*spec.steps > 0;
}

std::vector<Point> drawable_points(const Series& series, const PanelSpec& spec) {
  std::vector<Point> points;
  for (const Point& point : series.points) {
    if (drawable(point, spec)) points.push_back(point);
  }
  std::sort(points.begin(), points.end(),
            [&](const Point& a, const Point& b) { return a.*spec.steps < b.*spec.steps; });
  return points;
}

double half_bar(const Measured& measured) {
  const double bar = measured.uncertainty.value_or(0);
  return std::isfinite(bar) && bar > 0 ? bar : 0;
}

std::optional<Axes> axes_of(const Figure& figure, const PanelSpec& spec, const Box& box) {
  Range x;
  Range y;
  for (const Series& series : figure.series) {
    for (const Point& point : drawable_points(series, spec)) {
      const Measured& measured = *(point.*spec.metric);
      x.add(point.*spec.steps);
      y.add(measured.value - half_bar(measured));
      y.add(measured.value + half_bar(measured));
    }
  }
  if (x.high < x.low) return std::nullopt;
  const double x_room = std::pow(x.high / x.low, 0.05);
  const double y_room = 0.07 * (y.high - y.low);
  return Axes{Axis::log2(x.low / x_room, x.high * x_room, box.left, box.left + box.width),
              Axis::linear(y.low - y_room, y.high + y_room, box.top + box.height, box.top)};
}

std::string grid(const Axes& axes, const Box& box) {
  std::string svg;
  const double bottom = box.top + box.height;
  const auto ticks = linear_ticks(axes.y.low(), axes.y.high(), kVerticalTicks);
  for (const double tick : ticks) {
    const double y = axes.y.at(tick);
    svg += line("grid", box.left, y, box.left + box.width, y);
    svg += text("muted tick", box.left - 8, y + 4, "end", fixed(tick, tick_decimals(ticks)));
  }
  for (const double tick : log2_ticks(axes.x.low(), axes.x.high())) {
    const double x = axes.x.at(tick);
    svg += line("grid", x, box.top, x, bottom);
    svg += text("muted tick", x, bottom + 18, "middle", compact(tick));
  }
  return svg + line("frame", box.left, box.top, box.left, bottom) +
         line("frame", box.left, bottom, box.left + box.width, bottom);
}

std::string names(const PanelSpec& spec, const Box& box) {
  std::string svg = text("ink label", box.left, box.top - 10, "start", spec.metric_name);
  if (!spec.show_steps_name) return svg;
  return svg + text("ink label", box.left + box.width / 2, box.top + box.height + 40, "middle", spec.steps_name);
}

std::string error_bar(double x, double y_low, double y_high) {
  const std::string left = coordinate(x - kCap);
  const std::string right = coordinate(x + kCap);
  return "<path class=\"bar\" d=\"M" + left + " " + coordinate(y_low) + "H" + right + "M" + left + " " +
         coordinate(y_high) + "H" + right + "M" + coordinate(x) + " " + coordinate(y_low) + "V" + coordinate(y_high) +
         "\"/>";
}

std::string described(const Series& series, const Point& point, const PanelSpec& spec) {
  const Measured& measured = *(point.*spec.metric);
  return series.label + ", " + std::to_string(point.steps_per_scale) + " steps per scale, " +
         std::to_string(point.total_steps) + " in total: " + spec.metric_name + " " +
         with_uncertainty(measured.value, measured.uncertainty) + " (guidance " + compact(point.guidance) +
         ", N = " + grouped(point.samples) + ")";
}

std::string line_of(const Series& series, std::size_t index, const PanelSpec& spec, const Axes& axes) {
  std::string path;
  std::string bars;
  std::string markers;
  for (const Point& point : drawable_points(series, spec)) {
    const Measured& measured = *(point.*spec.metric);
    const double x = axes.x.at(point.*spec.steps);
    const double y = axes.y.at(measured.value);
    path += (path.empty() ? "M" : "L") + coordinate(x) + " " + coordinate(y);
    if (const double bar = half_bar(measured); bar > 0) {
      bars += error_bar(x, axes.y.at(measured.value - bar), axes.y.at(measured.value + bar));
    }
    markers += "<path class=\"marker halo\" d=\"" + marker_path(index, x, y) + "\"><title>" +
               escaped(described(series, point, spec)) + "</title></path>";
  }
  return "<g class=\"" + line_class(index) + "\" data-ratio=\"" + escaped(series.ratio) +
         "\"><path class=\"line\" d=\"" + path + "\"/>" + bars + markers + "</g>\n";
}

}  // namespace

std::string render_panel(const Figure& figure, const PanelSpec& spec, const Box& box) {
  std::string svg = "<g>" + names(spec, box);
  const auto axes = axes_of(figure, spec, box);
  if (!axes) {
    return svg + text("muted", box.left + box.width / 2, box.top + box.height / 2, "middle", "no scores yet") +
           "</g>\n";
  }
  svg += grid(*axes, box) + "\n";
  for (std::size_t i = 0; i < figure.series.size(); ++i)
    svg += line_of(figure.series[i], i, spec, *axes);
  return svg + "</g>\n";
}

}  // namespace checkerlab::cli::figure
