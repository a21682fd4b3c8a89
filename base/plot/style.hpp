#pragma once
// Looks of the figure: one colour and one marker shape per line (so that colour is never the only difference), in a
// light and a dark version that the viewer chooses by its colour scheme. Pure and thread-safe.
#include <cstddef>
#include <string>

namespace checkerlab::plot {

/// The figure's style sheet, for lines 0 … `lines` − 1.
std::string style_sheet(std::size_t lines);

/// CSS class of line `index` ("s3"); the looks repeat after eight.
std::string line_class(std::size_t index);

/// SVG path data of the marker of line `index`, centred on (x, y).
std::string marker_path(std::size_t index, double x, double y);

}  // namespace checkerlab::plot
