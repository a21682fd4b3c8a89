// What a schema cannot say: values that do not fit each other, and the size of the study.
#pragma once

#include <string>
#include <vector>

#include "sweeps/source_document.hpp"

namespace checkerlab::sweeps {

// Checks what is well-formed; a rule about a value that `known` already complains of is passed over.
std::vector<DefinitionIssue> check_meaning(const SourceDocument& document, const std::vector<DefinitionIssue>& known);

}  // namespace checkerlab::sweeps
