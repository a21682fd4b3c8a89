// Checks a definition against its JSON Schema with messages for people: where, what, and what to write instead. It
// knows the keywords that study.schema.json uses; valijson checks the same schema afterwards and has the last word (see
// parse.cpp).
#pragma once

#include <string>
#include <vector>

#include "sweeps/source_document.hpp"

namespace checkerlab::sweeps {

// All violations of `schema` in the document, in the order of the document's keys.
std::vector<DefinitionIssue> check_form(const SourceDocument& document, const nlohmann::json& schema);

}  // namespace checkerlab::sweeps
