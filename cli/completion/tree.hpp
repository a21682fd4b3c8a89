// The command line as a tree that completion scripts are written from. Read from the CLI11 app, so a new option is
// completed without further work. Plain values.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace checkerlab::cli {

// What stands behind an option or a positional argument.
enum class ValueKind { none, text, file, directory, choice };

struct CompletionOption {
  std::vector<std::string> names;  // "--json", "-f"; empty for a positional argument
  std::string description;         // one line
  ValueKind value = ValueKind::none;
  std::vector<std::string> choices;  // of ValueKind::choice
};

struct CompletionCommand {
  std::string name;
  std::string description;
  std::vector<CompletionOption> options;  // own ones, then the global ones
  std::vector<CompletionOption> positionals;
};

struct CompletionTree {
  std::string program;
  std::vector<CompletionOption> options;
  std::vector<CompletionCommand> commands;
};

CompletionTree completion_tree(const CLI::App& app);

}  // namespace checkerlab::cli
