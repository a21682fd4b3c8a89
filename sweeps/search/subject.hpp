// What a search needs to go on after a restart, as one document: the definition with overrides and presets filled in,
// so that a later version's presets change nothing, and the identity of the files that it names. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sweeps/search/next_points.hpp"

namespace checkerlab::sweeps {

// Arguments as for parse_study, which it agrees with; throws DefinitionError.
nlohmann::json search_document(std::string_view yaml, std::string_view filename, std::span<const std::string> overrides,
                               const std::optional<DatasetContent>& content, const std::vector<GivenFile>& files);

// Throws nlohmann's exceptions for a document of another form.
SearchSubject read_search_document(const nlohmann::json& document);

// What tells two searches apart that begin with the same jobs.
std::string search_identity(const StudyDefinition& study);

}  // namespace checkerlab::sweeps
