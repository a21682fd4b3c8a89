#include "base/plot/line_chart.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "base/error.hpp"

namespace checkerlab::plot {
namespace {

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

LineChart chart(LineSeries series) {
  return {.title = "Loss & more",
          .subtitle = "a run",
          .x_name = "step",
          .y_name = "loss",
          .series = {std::move(series)},
          .marks = {{1, "8×8"}}};
}

TEST(LineChart, DrawsALineItsBandAndMarks) {
  const std::string svg = line_chart_svg(chart({"loss", {0, 1, 2}, {3, 2, 1}, {2.5, 1.5, 0.5}, {3.5, 2.5, 1.5}}));
  EXPECT_EQ(count(svg, "class=\"line\""), 1);
  EXPECT_EQ(count(svg, "fill-opacity"), 1);
  EXPECT_NE(svg.find("8×8"), std::string::npos);
  EXPECT_NE(svg.find("Loss &amp; more"), std::string::npos);
  EXPECT_NE(svg.find(">step</text>"), std::string::npos);
}

TEST(LineChart, WordsOfMarksDoNotRunIntoEachOther) {
  LineChart close = chart({"loss", {0, 100}, {1, 2}, {}, {}});
  close.marks = {{0, "1×1"}, {1, "2×2"}, {50, "4×4"}};
  const std::string svg = line_chart_svg(close);
  EXPECT_EQ(svg.find("1×1"), std::string::npos);
  EXPECT_NE(svg.find("2×2"), std::string::npos);
  EXPECT_NE(svg.find("4×4"), std::string::npos);
}

TEST(LineChart, ValuesThatAreNotFiniteLeaveAGap) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::string svg = line_chart_svg(chart({"loss", {0, 1, 2, 3, 4}, {3, 2, nan, 1, 2}, {}, {}}));
  const auto begin = svg.find("class=\"line\" d=\"");
  const std::string path = svg.substr(begin, svg.find("/>", begin) - begin);
  EXPECT_EQ(count(path, "M"), 2) << path;
  EXPECT_EQ(path.find("nan"), std::string::npos);
}

TEST(LineChart, WithoutValuesItSaysSo) {
  EXPECT_NE(line_chart_svg(chart({"loss", {}, {}, {}, {}})).find("no values"), std::string::npos);
}

TEST(LineChart, SeveralLinesHaveALegend) {
  LineChart two = chart({"train", {0, 1}, {1, 2}, {}, {}});
  EXPECT_EQ(line_chart_svg(two).find(">train<"), std::string::npos);
  two.series.push_back({"test", {0, 1}, {2, 1}, {}, {}});
  EXPECT_NE(line_chart_svg(two).find(">train<"), std::string::npos);
}

TEST(LineChart, ListsOfDifferentLengthsAreRefused) {
  EXPECT_THROW(line_chart_svg(chart({"loss", {0, 1}, {1}, {}, {}})), Error);
}

}  // namespace
}  // namespace checkerlab::plot
