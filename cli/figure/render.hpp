#pragma once
// The figure as a stand-alone SVG document: FID above, Inception Score below; left by steps per scale, right by total
// steps; one line a scale ratio (Figure 5 of the progressive checkerboards paper). Pure and thread-safe.
#include <string>

#include "cli/figure/figure.hpp"

namespace checkerlab::cli::figure {

std::string render_svg(const Figure& figure);

}  // namespace checkerlab::cli::figure
