// What every stand-alone SVG document of charts begins with. Pure and thread-safe.
#pragma once

#include <cstddef>
#include <string>

namespace checkerlab::plot {

struct DocumentHead {
  double width = 0, height = 0;
  std::size_t lines = 0;      // looks that the chart uses
  std::string title;          // drawn, and what a screen reader says first
  std::string subtitle;       // drawn below
  std::string description;    // what a screen reader says besides
  double left = 24;           // of the drawn texts
  std::size_t columns = 100;  // that a drawn text may have
};

// <svg> with its title, description, style sheet, background and drawn titles; "</svg>\n" is left to the caller.
std::string document_head(const DocumentHead& head);

}  // namespace checkerlab::plot
