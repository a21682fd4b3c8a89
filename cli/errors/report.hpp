// Reports an exception that reached the top of the command line. Pure but for the stream written to.
#pragma once

#include <exception>

#include "cli/console.hpp"

namespace checkerlab::cli {

// For people: the message and what to do, and for a refused definition its lines. With `json`: one JSON document
// {"error": {code, message, fix}}, with {filename, issues} for a refused definition.
void report(Console& console, const std::exception& exception, bool json);

}  // namespace checkerlab::cli
