// A checked JSON document as typed values.
#pragma once

#include <nlohmann/json.hpp>

#include "sweeps/definition.hpp"

namespace checkerlab::sweeps {

// `json` has passed every check of parse_study; anything else is a bug of the caller and throws nlohmann's exceptions.
StudyDefinition read_definition(const nlohmann::json& json);

// Parts that a training recipe has as well.
ModelDefinition read_model(const nlohmann::json& json);
Ratio read_ratio(const nlohmann::json& json);

}  // namespace checkerlab::sweeps
