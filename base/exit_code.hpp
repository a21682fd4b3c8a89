// What `checkerlab` answers to the shell. Stable: scripts rely on these numbers (docs/cli.md lists them).
#pragma once

#include <exception>

namespace checkerlab {

enum class ExitCode : int {
  success = 0,
  bad_input = 1,     // usage, definition, data set, a name that does not exist
  failed = 2,        // the study has failed jobs
  cancelled = 3,     // the study was cancelled
  unreachable = 4,   // no coordinator, or it refuses the token
  internal = 5,      // anything else: disk full, a program that is missing or died, a bug
  interrupted = 130  // Ctrl-C, SIGTERM or SIGHUP
};

// The exit code that fits an exception that reached the top.
ExitCode exit_code_of(const std::exception& exception);

}  // namespace checkerlab
