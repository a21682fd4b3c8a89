// YAML values as JSON values, by the core schema of YAML 1.2: a plain scalar is null, a boolean, an integer, a float or
// text; a quoted one is always text ("2" is text, 1e-3 a number, "yes" and "on" are text).
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace checkerlab {

// The value of one scalar. `quoted`: it stood in quotes or had the tag !!str. Integers beyond 64 bits become floats.
nlohmann::json yaml_scalar(const std::string& text, bool quoted);

// A whole document. Throws Error(invalid_data): with line and column for broken YAML, and for more than 100,000 values
// or 64 levels, as aliases can make them out of a few bytes.
nlohmann::json yaml_to_json(std::string_view text);

}  // namespace checkerlab
