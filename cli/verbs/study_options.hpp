// What every verb that takes a study definition is told on the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace checkerlab::cli {

// The text as a YAML value that is read as this text, whatever it looks like.
inline std::string quoted_value(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text)
    quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

// --set and --pin-code, into a variable that lives as long as the command.
inline void add_override_options(CLI::App& command, std::vector<std::string>& overrides) {
  command.add_option("--set", overrides, "Override a value: path=value, as often as wanted")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  command
      .add_option_function<std::string>(
          "--pin-code",
          [&overrides](const std::string& version) { overrides.push_back("code=" + quoted_value(version)); },
          "Run its jobs only on workers of this code version (as --set code=VERSION)")
      ->type_name("VERSION");
}

// STUDY and the above.
inline void add_study_options(CLI::App& command, std::string& study, std::vector<std::string>& overrides) {
  command.add_option("STUDY", study, "Study definition (YAML)")->required()->type_name("FILE");
  add_override_options(command, overrides);
}

}  // namespace checkerlab::cli
