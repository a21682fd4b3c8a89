// One verb of `checkerlab model`, or of `checkerlab` itself: work on files without a coordinator. One class, one file
// in this folder; a verb parses its options and prints, the work itself is a function of libmodel. Not thread-safe;
// made, configured and run once.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <span>
#include <string_view>

#include "libmodel/observer.hpp"

namespace checkerlab::worker {

struct VerbContext {
  std::ostream& out;          // results: what a pipe wants
  std::ostream& err;          // what a person wants
  bool json;                  // --json was given: one JSON document on `out`, or one a line where output is a stream
  model::Observer& observer;  // shows progress on standard error; cancelled() after Ctrl-C
};

class ModelVerb {
 public:
  virtual ~ModelVerb() = default;

  // Adds the verb's own options; --json is there already.
  virtual void configure(CLI::App& command) = 0;

  // Does it. What cannot be done is thrown as Error; the program's exit code follows from it (base/exit_code.hpp).
  virtual void run(VerbContext& context) = 0;
};

struct ModelVerbEntry {
  const char* name;
  const char* summary;
  const char* examples;  // shown at the end of the help, one a line
  std::unique_ptr<ModelVerb> (*make)();
};

// All verbs of `checkerlab model` in the order of the help.
std::span<const ModelVerbEntry> all_model_verbs();

// The verb of the top level that this word names, or null.
const ModelVerbEntry* find_top_verb(std::string_view name);

}  // namespace checkerlab::worker
