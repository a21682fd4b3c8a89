// The OpenAPI document (schemas/openapi.yaml, compiled in) as JSON text, as served at /openapi.json.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/validate.hpp"

namespace checkerlab {

// Converted once, on first use; thread-safe.
const std::string& openapi_json();

// What in `document` does not follow components/schemas/COMPONENT; empty when all does. For checks that what is sent is
// what is promised. Throws Error when there is no such component.
std::vector<SchemaViolation> openapi_violations(std::string_view component, const nlohmann::json& document);

}  // namespace checkerlab
