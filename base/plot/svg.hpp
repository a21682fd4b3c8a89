#pragma once
// Small pieces of SVG text. Pure and thread-safe; independent of the locale.
#include <string>
#include <string_view>

namespace checkerlab::plot {

/// Text safe inside XML elements and attribute values; control characters become spaces.
std::string escaped(std::string_view text);

/// A coordinate with at most two decimals and no trailing zeros.
std::string coordinate(double value);

/// <line class=… x1 y1 x2 y2/>
std::string line(std::string_view css_class, double x1, double y1, double x2, double y2);

/// <text class=… x y text-anchor=…>escaped text</text>
std::string text(std::string_view css_class, double x, double y, std::string_view anchor, std::string_view content);

}  // namespace checkerlab::plot
