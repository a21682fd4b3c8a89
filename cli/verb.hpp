// One verb of the command line: one class, one file in verbs/. Not thread-safe; made, configured and run once.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <span>

#include "base/exit_code.hpp"
#include "cli/context.hpp"

namespace checkerlab::cli {

class Verb {
 public:
  virtual ~Verb() = default;

  // Adds the verb's own options; --json and the global options are there already.
  virtual void configure(CLI::App& command) = 0;

  // Does it. What cannot be done is thrown as Error.
  virtual ExitCode run(Context& context) = 0;
};

struct VerbEntry {
  const char* name;
  const char* summary;
  const char* examples;  // shown at the end of the help, one a line
  std::unique_ptr<Verb> (*make)();
};

// All verbs in the order of the help.
std::span<const VerbEntry> all_verbs();

}  // namespace checkerlab::cli
