// Named models with their training, compiled in from sweeps/presets: what a definition need not spell out.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sweeps/source_document.hpp"

namespace checkerlab::sweeps {

// In alphabetical order. Thread-safe.
const std::vector<std::string>& preset_names();

// The preset as a mapping with `ratio` and `model`. Throws Error(not_found) when there is none of that name.
nlohmann::json preset(const std::string& name);

// Fills what is missing in the document's `model` from the preset that it names, and with `with_ratio` the document's
// `ratio`. What the document says wins: a length in steps takes the place of the preset's in epochs. Without a preset
// of that name nothing is done; the schema's check refuses it.
void apply_preset(SourceDocument& document, bool with_ratio);

}  // namespace checkerlab::sweeps
