#include <algorithm>
#include <cstdint>

#include "base/plot/document.hpp"
#include "base/plot/svg.hpp"
#include "base/text/number.hpp"
#include "cli/reproduce/claims/words.hpp"
#include "cli/reproduce/data/extras.hpp"
#include "cli/reproduce/items/inputs.hpp"
#include "cli/reproduce/items/of_study.hpp"
#include "cli/reproduce/report/base64.hpp"

namespace checkerlab::cli::reproduce {
namespace {

constexpr double kWidth = 420, kMargin = 24, kTop = 84;

struct Sheet {
  std::string caption, png;
  double width = 0, height = 0;  // in pixels
};

// From the header of a PNG: width and height stand at bytes 16 and 20. 0 for anything else.
double big_endian(const std::string& bytes, std::size_t at) {
  if (bytes.size() < at + 4 || bytes.compare(1, 3, "PNG") != 0) return 0;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

Sheet read_sheet(const SheetArtifact& artifact, const Inputs& inputs) {
  Sheet sheet{.caption = ratio_in_words(artifact.ratio) + ", " + std::to_string(artifact.steps_per_scale) +
                         " steps per scale, guidance " + compact(artifact.guidance),
              .png = inputs.fetch(artifact.sha256)};
  sheet.width = big_endian(sheet.png, 16);
  sheet.height = big_endian(sheet.png, 20);
  return sheet;
}

// All sheets below one another in one document.
std::string sheets_svg(const std::string& title, const std::vector<Sheet>& sheets) {
  double height = kTop;
  std::string images;
  for (const Sheet& sheet : sheets) {
    const double shown = sheet.width > 0 ? kWidth * sheet.height / sheet.width : 0;
    images += plot::text("ink", kMargin, height + 16, "start", sheet.caption);
    images += "<image x=\"" + plot::coordinate(kMargin) + "\" y=\"" + plot::coordinate(height + 26) + "\" width=\"" +
              plot::coordinate(kWidth) + "\" height=\"" + plot::coordinate(shown) +
              "\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64," + base64(sheet.png) +
              "\"><title>" + plot::escaped(sheet.caption) + "</title></image>\n";
    height += shown + 46;
  }
  return plot::document_head({.width = kWidth + 2 * kMargin + 160,
                              .height = height + kMargin,
                              .title = title,
                              .subtitle = sheets.empty() ? "not run" : "a row a class",
                              .description = std::to_string(sheets.size()) + " sheets of samples",
                              .left = kMargin,
                              .columns = 58}) +
         images + "</svg>\n";
}

}  // namespace

Report make_fig8(const Inputs& inputs) {
  Report report{.item = "fig8", .title = "Figure 8: samples"};
  const auto all = read_sheets(inputs.ask, ids_of(inputs.studies), "sample_grid", "grid");
  std::vector<Sheet> sheets;
  if (all.empty()) {
    report.notes.push_back(nothing_measured(inputs, "samples", "fig8-2x"));
  } else {
    const auto chosen = of_study(all, newest_of(inputs.studies, all));
    report.title += " (" + chosen.front().study + ")";
    for (const SheetArtifact& artifact : chosen)
      sheets.push_back(read_sheet(artifact, inputs));
  }
  report.notes.push_back("The paper shows: " + sweeps::published_figure(inputs.published, "fig8").shows + ".");
  report.pictures.push_back({"fig8.svg", sheets_svg(report.title, sheets), "Samples, a row a class"});
  return report;
}

}  // namespace checkerlab::cli::reproduce
