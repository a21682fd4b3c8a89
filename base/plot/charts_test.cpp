// Point charts, dot plots and grids of cells.
#include <gtest/gtest.h>

#include <limits>

#include "base/error.hpp"
#include "base/plot/cell_grids.hpp"
#include "base/plot/dot_plot.hpp"
#include "base/plot/point_chart.hpp"

namespace checkerlab::plot {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++found;
  return found;
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(PointChart, DrawsFinitePointsWithTheirBarsAndWords) {
  const std::string svg = point_chart_svg(
      {.title = "FID & IS",
       .subtitle = "s",
       .x_name = "IS",
       .y_name = "FID",
       .series = {{"2", {{1, 2, 0.1, 0.2, "a <b>"}, {2, 3, 0, kNan, "c"}}}, {"4", {{kNan, 3, 0, 0, "left out"}}}}});
  EXPECT_EQ(count(svg, "class=\"marker halo\""), 2u + 2u);  // two points, two in the legend
  EXPECT_EQ(count(svg, "class=\"bar\""), 1u);
  EXPECT_EQ(count(svg, "<title>a &lt;b&gt;</title>"), 1u);
  EXPECT_EQ(count(svg, "left out"), 0u);
  EXPECT_EQ(count(svg, "FID &amp; IS"), 2u);
  EXPECT_EQ(count(svg, "aria-labelledby=\"title text\""), 1u);
  EXPECT_EQ(count(svg, "prefers-color-scheme:dark"), 1u);
}

TEST(PointChart, WithoutPointsSaysSo) {
  EXPECT_EQ(count(point_chart_svg({}), ">no values</text>"), 1u);
  EXPECT_EQ(count(point_chart_svg({.series = {{"one", {{1, 1, 0, 0, ""}}}}}), "nan"), 0u);
}

TEST(DotPlot, HasAMarkerForEveryValueAndANameForEveryRow) {
  const std::string svg = dot_plot_svg(
      {.title = "t",
       .subtitle = "s",
       .value_name = "FID",
       .series = {"printed", "measured"},
       .rows = {{"a", {Dot{2.7, 0, "h"}, std::nullopt}}, {"b", {Dot{2.8, 0, "h"}, Dot{2.9, 0.1, "ours"}}}}});
  EXPECT_EQ(count(svg, "<title>h</title>"), 2u);
  EXPECT_EQ(count(svg, "<title>ours</title>"), 1u);
  EXPECT_EQ(count(svg, "class=\"bar\""), 1u);
  EXPECT_EQ(count(svg, ">a</text>"), 1u);
  EXPECT_THROW(dot_plot_svg({.series = {"x"}, .rows = {{"a", {}}}}), Error);
  EXPECT_EQ(count(dot_plot_svg({.series = {"x"}, .rows = {{"a", {std::nullopt}}}}), ">no values</text>"), 1u);
}

TEST(CellGrids, DrawsEveryCell) {
  CellGrids grids{.title = "Order", .subtitle = "", .panels = {}, .legend = {"new", "earlier"}};
  grids.panels.push_back({"step 1", 1, 2, {{0, 1, "7", "place 7"}, {}}});
  const std::string svg = cell_grids_svg(grids);
  EXPECT_EQ(count(svg, "<rect class=\"marker\""), 1u + 2u);
  EXPECT_EQ(count(svg, "<title>place 7</title>"), 1u);
  EXPECT_EQ(count(svg, ">7</text>"), 1u);
  grids.panels.front().cells.pop_back();
  EXPECT_THROW(cell_grids_svg(grids), Error);
  EXPECT_THROW(cell_grids_svg({.panels_per_row = 0}), Error);
}

}  // namespace
}  // namespace checkerlab::plot
