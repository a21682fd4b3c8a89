// Sets up the process-wide spdlog logger. Only executables call this; libraries log through spdlog::… where they run in
// the background (servers, agents) and throw everywhere else.
#pragma once

#include <filesystem>
#include <string>

namespace checkerlab {

struct LoggingOptions {
  std::string level = "info";       // trace, debug, info, warn, error, off
  bool to_stderr = true;            // readable lines
  std::filesystem::path json_file;  // empty: none; else one JSON object a line, rotated at 16 MiB, three old files kept
};

// Throws Error(invalid_argument) for an unknown level, Error(io_error) if the file cannot be opened.
void setup_logging(const LoggingOptions& options);

}  // namespace checkerlab
