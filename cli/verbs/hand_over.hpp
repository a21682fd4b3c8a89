// Verbs that work on models and images are done by the checkerlab-worker beside this program, which links no LibTorch
// itself: this process becomes the worker, so signals, standard streams and the exit code are the worker's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/verb.hpp"

namespace checkerlab::cli {

// Lets everything behind `command`'s name go to the worker as it stands, --help and unknown options too.
void leave_arguments(CLI::App& command);

// Becomes `checkerlab-worker WORDS… ARGUMENTS…`, where the arguments are those that `command` was left, and --json
// where it was given. The worker finds the data directory in CHECKERLAB_HOME. Returns only by throwing Error (there is
// no worker).
[[noreturn]] void hand_over(const Context& context, std::vector<std::string> words, const CLI::App& command);

// A verb of the top level that the worker does: `checkerlab NAME …` becomes `checkerlab-worker NAME …`.
std::unique_ptr<Verb> make_handed_over_verb(const std::string& name);

}  // namespace checkerlab::cli
