// What every verb that takes a study definition is told on the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace checkerlab::cli {

// STUDY and --set, into variables that live as long as the command.
inline void add_study_options(CLI::App& command, std::string& study, std::vector<std::string>& overrides) {
  command.add_option("STUDY", study, "Study definition (YAML)")->required()->type_name("FILE");
  command.add_option("--set", overrides, "Override a value: path=value, as often as wanted")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
}

}  // namespace checkerlab::cli
