// From the API's figure document (GET /studies/{id}/figure) to the figure's values. Pure and thread-safe.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "cli/figure/figure.hpp"

namespace checkerlab::cli::figure {

// One series a ratio in the document's order. Numbers that were measured differently (another seed, feature network,
// reference, evaluator, code or precision) never share a line: then there is one line for each way, "2 (a)", "2 (b)",
// and the notes say what differs. Throws Error(invalid_data) for a document of another shape.
Figure from_api(const std::string& title, const nlohmann::json& document);

// "√2" for "sqrt2", else the text itself.
std::string ratio_label(const std::string& ratio);

}  // namespace checkerlab::cli::figure
