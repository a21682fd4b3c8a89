#include "base/plot/style.hpp"

#include <algorithm>
#include <array>

#include "base/plot/svg.hpp"

namespace checkerlab::plot {
namespace {

struct Look {
  const char* light;
  const char* dark;
  const char* dash;
};

// Colours after Okabe & Ito (distinct under the common forms of colour blindness), darkened or lightened for contrast
// of at least 3:1 with the background.
constexpr std::array<Look, 8> kLooks{{
    {"#0067a5", "#5cb3f0", "none"},
    {"#c2410c", "#ff8f5a", "none"},
    {"#00795a", "#35c99c", "none"},
    {"#a23e82", "#e793c6", "none"},
    {"#57606a", "#b3bcc6", "6 4"},
    {"#8a6100", "#e8b93c", "none"},
    {"#4b4bb5", "#a3a3ff", "none"},
    {"#8b2635", "#f58a98", "none"},
}};

constexpr const char* kLight =
    ".paper{fill:#fff}.ink{fill:#1f2328}.muted{fill:#59636e}.grid{stroke:#e4e8ec}.frame{stroke:#b7c0ca}.halo{stroke:#"
    "fff}";
constexpr const char* kDark =
    ".paper{fill:#0d1117}.ink{fill:#e6edf3}.muted{fill:#9aa5b1}.grid{stroke:#232a33}.frame{stroke:#48525e}"
    ".halo{stroke:#0d1117}";
constexpr const char* kShapes =
    "text{font-family:system-ui,-apple-system,'Segoe UI','Liberation Sans',Arial,sans-serif;font-size:13px}"
    ".title{font-size:18px;font-weight:600}.tick{font-size:12px}.note{font-size:11px}.label{font-size:13px;font-weight:"
    "600}"
    ".grid,.frame{stroke-width:1;fill:none}.line{fill:none;stroke-width:2;stroke-linejoin:round}"
    ".bar{fill:none;stroke-width:1.25}.halo{stroke-width:1}";

const Look& look(std::size_t index) {
  return kLooks[index % kLooks.size()];
}

std::string colours(std::size_t lines, const char* Look::*shade) {
  std::string css;
  for (std::size_t i = 0; i < std::min(lines, kLooks.size()); ++i) {
    const std::string selector = "." + line_class(i);
    css += selector + " .line," + selector + " .bar{stroke:" + look(i).*shade + "}" + selector +
           " .marker{fill:" + look(i).*shade + "}";
  }
  return css;
}

std::string dashes(std::size_t lines) {
  std::string css;
  for (std::size_t i = 0; i < std::min(lines, kLooks.size()); ++i) {
    css += "." + line_class(i) + " .line{stroke-dasharray:" + look(i).dash + "}";
  }
  return css;
}

std::string polygon(double x, double y, std::initializer_list<std::array<double, 2>> corners) {
  std::string path;
  for (const auto& corner : corners) {
    path += (path.empty() ? "M" : "L") + coordinate(x + corner[0]) + " " + coordinate(y + corner[1]);
  }
  return path + "Z";
}

std::string circle(double x, double y) {
  return "M" + coordinate(x - 4) + " " + coordinate(y) + "a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z";
}

}  // namespace

std::string style_sheet(std::size_t lines) {
  return std::string(kShapes) + kLight + colours(lines, &Look::light) + dashes(lines) +
         "@media (prefers-color-scheme:dark){" + kDark + colours(lines, &Look::dark) + "}";
}

std::string line_class(std::size_t index) {
  return "s" + std::to_string(index % kLooks.size());
}

std::string marker_path(std::size_t index, double x, double y) {
  switch (index % kLooks.size()) {
    case 0:
      return circle(x, y);
    case 1:
      return polygon(x, y, {{-3.7, -3.7}, {3.7, -3.7}, {3.7, 3.7}, {-3.7, 3.7}});
    case 2:
      return polygon(x, y, {{0, -5}, {4.6, 3.4}, {-4.6, 3.4}});
    case 3:
      return polygon(x, y, {{0, -5.2}, {5.2, 0}, {0, 5.2}, {-5.2, 0}});
    case 4:
      return polygon(x, y, {{0, 5}, {4.6, -3.4}, {-4.6, -3.4}});
    case 5:
      return polygon(x, y, {{-5, 0}, {-2.5, -4.4}, {2.5, -4.4}, {5, 0}, {2.5, 4.4}, {-2.5, 4.4}});
    case 6:
      return polygon(x, y, {{-5, 0}, {3.4, -4.6}, {3.4, 4.6}});
    default:
      return polygon(x, y, {{5, 0}, {-3.4, -4.6}, {-3.4, 4.6}});
  }
}

}  // namespace checkerlab::plot
