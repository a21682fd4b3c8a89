#pragma once
// Width of UTF-8 text on a terminal. Pure and thread-safe.
#include <cstddef>
#include <string>
#include <string_view>

namespace checkerlab {

/// Number of columns `text` takes: one per code point, none for combining marks, two for East Asian wide characters.
/// Invalid bytes count as one column each.
std::size_t text_width(std::string_view text);

/// `text` cut to at most `columns` columns; a cut text ends with "…". `columns` = 0 gives the empty string.
std::string fit_to_width(std::string_view text, std::size_t columns);

/// `text` in which control characters (escape sequences among them) are replaced by spaces, so that text that came from
/// elsewhere cannot move the cursor or change colours.
std::string printable(std::string_view text);

}  // namespace checkerlab
