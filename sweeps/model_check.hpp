// Values of a definition's `model` section that must fit each other.
#pragma once

#include <vector>

#include "sweeps/facts.hpp"
#include "sweeps/source_document.hpp"

namespace checkerlab::sweeps {

std::vector<DefinitionIssue> check_model(const SourceDocument& document, const Facts& facts);

// A numeric ratio at `pointer` that is too close to 1.
std::vector<DefinitionIssue> check_ratio(const SourceDocument& document, const Facts& facts,
                                         const std::string& pointer);

}  // namespace checkerlab::sweeps
