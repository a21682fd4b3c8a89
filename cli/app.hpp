// The command line as a function: what `checkerlab` does, without a process around it.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/context.hpp"
#include "cli/verb.hpp"

namespace checkerlab::cli {

// Runs `checkerlab ARGS…` (args without the program's name) and gives the exit code. Never throws.
int run_cli(const std::vector<std::string>& args, Console& console);

// The same for output that is no terminal.
int run_cli(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);

// The tree of verbs and options, also read by `completion`.
class CommandLine {
 public:
  CommandLine();

  CLI::App& app() { return app_; }
  GlobalOptions& options() { return options_; }
  // The verb that was parsed; null before parsing.
  Verb* chosen();

 private:
  void add(const VerbEntry& entry);

  struct Command {
    CLI::App* app;
    std::unique_ptr<Verb> verb;
  };
  CLI::App app_;
  GlobalOptions options_;
  std::vector<Command> commands_;
};

}  // namespace checkerlab::cli
