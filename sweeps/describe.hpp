// Words for JSON values and schemas in messages. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

namespace checkerlab::sweeps {

// "a whole number", "a list", "sqrt2 or single", …
std::string describe_type(const nlohmann::json& schema);

// "the text 'fast'", "1.5", "a list", "nothing", …
std::string describe_value(const nlohmann::json& value);

// "a, b, c"
std::string join(std::span<const std::string> texts, const std::string& separator = ", ");

}  // namespace checkerlab::sweeps
