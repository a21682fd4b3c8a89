// How an exception that reached the top of a program is shown: one clear message that says what, where and what to do.
// Pure and thread-safe.
#pragma once

#include <exception>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace checkerlab {

// For people: "error: <message>" and, indented, "fix: <fix>"; every line ends with a newline.
std::string error_text(const std::exception& exception);

// For programs: {"code", "message", "fix"}; what is no Error has the code `internal`.
nlohmann::json error_json(const std::exception& exception);

}  // namespace checkerlab
