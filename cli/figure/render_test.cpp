#include "cli/figure/render.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "cli/figure/from_api.hpp"
#include "cli/testing/fake_coordinator.hpp"

namespace checkerlab::cli::figure {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++found;
  return found;
}

// Every element that is opened is closed, in order.
bool well_formed(const std::string& svg) {
  std::vector<std::string> open;
  for (auto at = svg.find('<'); at != std::string::npos; at = svg.find('<', at + 1)) {
    const auto end = svg.find('>', at);
    if (end == std::string::npos) return false;
    const std::string tag = svg.substr(at + 1, end - at - 1);
    const std::string name = tag.substr(tag[0] == '/' ? 1 : 0, tag.find_first_of(" /", 1) - (tag[0] == '/' ? 1 : 0));
    if (tag.back() == '/') continue;
    if (tag[0] != '/') {
      open.push_back(name);
    } else if (open.empty() || open.back() != tag.substr(1)) {
      return false;
    } else {
      open.pop_back();
    }
  }
  return open.empty();
}

TEST(Figure, HasALineWithErrorBarsForEveryRatioInEveryPanel) {
  const auto figure = from_api("Scale ratio <1>", testing::figure_document({"sqrt2", "2", "single"}));
  const std::string svg = render_svg(figure);
  EXPECT_TRUE(well_formed(svg));
  for (const char* ratio : {"sqrt2", "2", "single"}) {
    EXPECT_EQ(count(svg, "data-ratio=\"" + std::string(ratio) + "\""), 4U) << ratio;
  }
  EXPECT_EQ(count(svg, "class=\"bar\""), 4U * 3 * 2);
  EXPECT_EQ(count(svg, "<path class=\"line\""), 4U * 3 + 3);  // and the legend's
}

TEST(Figure, IsAccessibleAndNamesItsAxes) {
  const std::string svg = render_svg(from_api("Ratios & steps", testing::figure_document({"sqrt2"})));
  EXPECT_NE(svg.find("role=\"img\" aria-labelledby=\"figure-title figure-text\""), std::string::npos);
  EXPECT_NE(svg.find("<title id=\"figure-title\">Ratios &amp; steps</title>"), std::string::npos);
  EXPECT_EQ(count(svg, ">Steps per scale</text>"), 1U);
  EXPECT_EQ(count(svg, ">Total steps</text>"), 1U);
  EXPECT_EQ(count(svg, ">FID (lower is better)</text>"), 2U);
  EXPECT_EQ(count(svg, ">Inception Score (higher is better)</text>"), 2U);
  EXPECT_NE(svg.find("√2, 4 steps per scale, 20 in total: FID (lower is better) 10.0 ± 0.4 (guidance 0.5, N = 500)"),
            std::string::npos);
  EXPECT_NE(svg.find("prefers-color-scheme:dark"), std::string::npos);
}

TEST(Figure, WithoutNumbersSaysSo) {
  const std::string svg = render_svg(from_api("Empty", {{"series", nlohmann::json::array()}}));
  EXPECT_TRUE(well_formed(svg));
  EXPECT_EQ(count(svg, ">no scores yet</text>"), 4U);
}

TEST(Figure, NumbersMeasuredDifferentlyNeverShareALine) {
  auto document = testing::figure_document({"2"});
  document["series"][0]["points"][1]["code_version"] = "0.2.0";
  const Figure figure = from_api("Mixed", document);
  ASSERT_EQ(figure.series.size(), 2U);
  EXPECT_EQ(figure.series[0].label, "2 (a)");
  EXPECT_EQ(figure.series[1].label, "2 (b)");
  ASSERT_EQ(figure.notes.size(), 2U);
  EXPECT_NE(figure.notes[1].find("Measured (b) with seed 0"), std::string::npos);
  EXPECT_NE(figure.notes[1].find("code 0.2.0"), std::string::npos);
}

TEST(Figure, RefusesADocumentOfAnotherShape) {
  EXPECT_ANY_THROW(from_api("x", {{"series", {{{"ratio", "2"}, {"points", {{{"fid", "high"}}}}}}}}));
}

}  // namespace
}  // namespace checkerlab::cli::figure
