// The OpenAPI document (schemas/openapi.yaml, compiled in) as JSON text, as served at /openapi.json.
#pragma once

#include <string>

namespace checkerlab {

// Converted once, on first use; thread-safe.
const std::string& openapi_json();

}  // namespace checkerlab
