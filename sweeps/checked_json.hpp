// The way from a text to checked JSON that study definitions and training recipes share: YAML, overrides, presets, the
// schema, cross-checks. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/validate.hpp"
#include "sweeps/parse.hpp"
#include "sweeps/source_document.hpp"

namespace checkerlab::sweeps {

struct Language {
  SchemaName schema;
  bool ratio_from_preset = false;
  // Values that must fit each other; gets the issues found so far.
  std::vector<DefinitionIssue> (*meaning)(const SourceDocument&, const std::vector<DefinitionIssue>&) = nullptr;
};

// Throws DefinitionError with every issue, in file order.
nlohmann::json checked_json(std::string_view yaml, std::string_view filename, std::span<const std::string> overrides,
                            const Language& language);

}  // namespace checkerlab::sweeps
