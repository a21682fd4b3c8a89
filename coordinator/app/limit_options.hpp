// The options of the command line that bound what comes in.
#pragma once

#include <CLI/CLI.hpp>

#include "coordinator/http/server_limits.hpp"

namespace checkerlab::coordinator {

// `limits` outlives the parsing; its values are the defaults.
void add_limit_options(CLI::App& app, ServerLimits& limits);

}  // namespace checkerlab::coordinator
