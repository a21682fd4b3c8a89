#pragma once
// One of the figure's four panels: a metric against a number of steps. Pure and thread-safe.
#include <optional>
#include <string>

#include "cli/figure/figure.hpp"

namespace checkerlab::cli::figure {

struct Box {
  double left;
  double top;
  double width;
  double height;
};

struct PanelSpec {
  std::optional<Measured> Point::*metric;
  const char* metric_name;
  int Point::*steps;
  const char* steps_name;
  bool show_steps_name;
};

/// The panel as a <g>: grid, ticks, axis names, and one <g data-ratio=…> a line with its error bars and markers. A
/// figure without any value of the metric gives a panel that says so.
std::string render_panel(const Figure& figure, const PanelSpec& spec, const Box& box);

}  // namespace checkerlab::cli::figure
