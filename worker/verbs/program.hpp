// `checkerlab-worker model VERB …` and `checkerlab-worker VERB …` for the verbs of the top level, which `checkerlab`
// hands over to.
#pragma once

#include <atomic>
#include <ostream>
#include <string>
#include <vector>

#include "worker/verbs/verb.hpp"

namespace checkerlab::worker {

struct ModelProgramIo {
  std::ostream& out;
  std::ostream& err;
  bool err_is_terminal = false;
  const std::atomic<bool>& stop;  // the person wants to stop
};

// Runs the verb that `arguments` (without the program and "model") name. Returns the exit code (base/exit_code.hpp);
// every error is reported on `err`. configure_compute_process must have been called.
int run_model_program(const std::vector<std::string>& arguments, const ModelProgramIo& io);

// The same for this process: standard output and error; Ctrl-C, SIGTERM and SIGHUP ask the verb to stop, a second one
// ends the process.
int run_model_program(int argc, char** argv);

// The same for one verb of the top level (find_top_verb); `arguments` are those behind its name.
int run_verb_program(const ModelVerbEntry& verb, const std::vector<std::string>& arguments, const ModelProgramIo& io);
int run_verb_program(const ModelVerbEntry& verb, int argc, char** argv);

}  // namespace checkerlab::worker
