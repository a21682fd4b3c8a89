#include "cli/figure/render.hpp"

#include <array>

#include "base/plot/style.hpp"
#include "base/plot/svg.hpp"
#include "base/text/text_width.hpp"
#include "cli/figure/panel.hpp"

namespace checkerlab::cli::figure {
namespace {

using namespace plot;

constexpr double kWidth = 980;
constexpr double kHeight = 744;  // without notes
constexpr double kNoteLine = 18;
constexpr double kLeft = 64;
constexpr double kRight = 548;
constexpr double kTop = 136;
constexpr double kBottom = 440;
constexpr double kPanelWidth = 408;
constexpr double kPanelHeight = 242;
constexpr double kLegendLine = 88;

struct Placed {
  PanelSpec spec;
  double left;
  double top;
};

const std::array<Placed, 4> kPanels{{
    {{&Point::fid, "FID (lower is better)", &Point::steps_per_scale, "Steps per scale", false}, kLeft, kTop},
    {{&Point::fid, "FID (lower is better)", &Point::total_steps, "Total steps", false}, kRight, kTop},
    {{&Point::inception_score, "Inception Score (higher is better)", &Point::steps_per_scale, "Steps per scale", true},
     kLeft,
     kBottom},
    {{&Point::inception_score, "Inception Score (higher is better)", &Point::total_steps, "Total steps", true},
     kRight,
     kBottom},
}};

std::string legend(const Figure& figure) {
  std::string svg = text("muted", kLeft, kLegendLine + 4, "start", "Scale ratio");
  double x = kLeft + 88;
  for (std::size_t i = 0; i < figure.series.size(); ++i) {
    const std::string& label = figure.series[i].label;
    svg += "<g class=\"" + line_class(i) + "\"><path class=\"line\" d=\"M" + coordinate(x) + " " +
           coordinate(kLegendLine) + "h28\"/><path class=\"marker halo\" d=\"" + marker_path(i, x + 14, kLegendLine) +
           "\"/>" + text("ink", x + 36, kLegendLine + 4, "start", label) + "</g>";
    x += 64 + 7.5 * static_cast<double>(text_width(label));
  }
  return svg + "\n";
}

std::string described(const Figure& figure) {
  std::string ratios;
  for (const Series& series : figure.series)
    ratios += (ratios.empty() ? "" : ", ") + series.label;
  return "Four panels: FID (top) and Inception Score (bottom) by steps per scale (left) and by total steps (right), "
         "one "
         "line per scale ratio (" +
         ratios + "), each point at its best guidance, bars of one standard error. " + figure.subtitle;
}

std::string notes(const Figure& figure) {
  std::string svg;
  double y = kHeight + 2;
  for (const std::string& note : figure.notes) {
    svg += text("muted note", kLeft, y, "start", fit_to_width(note, 150)) + "\n";
    y += kNoteLine;
  }
  return svg;
}

}  // namespace

std::string render_svg(const Figure& figure) {
  const double height = kHeight + kNoteLine * static_cast<double>(figure.notes.size());
  const std::string size = "width=\"" + coordinate(kWidth) + "\" height=\"" + coordinate(height) + "\"";
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size + " viewBox=\"0 0 " + coordinate(kWidth) + " " +
                    coordinate(height) + "\" role=\"img\" aria-labelledby=\"figure-title figure-text\">\n";
  svg += "<title id=\"figure-title\">" + escaped(figure.title) + "</title>\n";
  svg += "<desc id=\"figure-text\">" + escaped(described(figure)) + "</desc>\n";
  svg += "<style>" + style_sheet(figure.series.size()) + "</style>\n";
  svg += "<rect class=\"paper\" " + size + "/>\n";
  svg += text("ink title", kLeft, 36, "start", fit_to_width(figure.title, 96)) + "\n";
  svg += text("muted", kLeft, 58, "start", fit_to_width(figure.subtitle, 130)) + "\n";
  svg += legend(figure);
  for (const Placed& panel : kPanels) {
    svg += render_panel(figure, panel.spec, {panel.left, panel.top, kPanelWidth, kPanelHeight});
  }
  return svg + notes(figure) + "</svg>\n";
}

}  // namespace checkerlab::cli::figure
