// `checkerlab model VERB …`: work on model files. This program links no LibTorch: it becomes the checkerlab-worker that
// stands beside it, which does the work (worker/verbs).
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "cli/local/programs.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

struct Name {
  const char* name;
  const char* summary;
};

// As in worker/verbs/verbs.cpp; an end-to-end test compares the two.
constexpr std::array kVerbs{
    Name{"devices", "List what can compute on this machine"},
    Name{"inspect", "Tell what a checkpoint, model or tokenizer file is"},
    Name{"export", "Write a model for the released code, or take one of it over"},
    Name{"train", "Train a model from a recipe, and continue where it stopped"},
    Name{"tokenize", "Encode an image set into a token cache"},
    Name{"retrain-codebook", "Train a new codebook, everything else frozen, so that small scales are coded well"},
    Name{"reconstruct", "Measure how well a tokenizer codes images, scale by scale, and show it"},
    Name{"sample", "Draw images from a checkpoint, with maps of how they came about"},
    Name{"entropy", "Measure how uncertain a model is in each step of sampling"},
    Name{"trace", "Compute intermediates and results of a model by name"},
};

// Does not return when it succeeds: signals, standard streams and the exit code are the worker's from then on.
[[noreturn]] void become(const std::filesystem::path& program, std::vector<std::string> arguments) {
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
  arguments.insert(arguments.begin(), {program.string(), "model"});
  std::vector<char*> argv;
  for (std::string& argument : arguments)
    argv.push_back(argument.data());
  argv.push_back(nullptr);
  ::execv(program.c_str(), argv.data());
  throw errno_error(errno, "start " + program.string());
}

class ModelVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    command_ = &command;
    command.require_subcommand(1);
    for (const Name& verb : kVerbs) {
      // Everything behind the verb's name is for the worker, --help too.
      command.add_subcommand(verb.name, verb.summary)->prefix_command()->fallthrough(false)->set_help_flag();
    }
  }

  ExitCode run(Context& context) override {
    const CLI::App* verb = command_->get_subcommands().front();
    std::vector<std::string> arguments{verb->get_name()};
    const auto rest = verb->remaining();
    arguments.insert(arguments.end(), rest.begin(), rest.end());
    if (context.options.json) arguments.emplace_back("--json");
    become(sibling_program("checkerlab-worker"), std::move(arguments));
  }

 private:
  CLI::App* command_ = nullptr;
};

}  // namespace

std::unique_ptr<Verb> make_model_verb() {
  return std::make_unique<ModelVerb>();
}

}  // namespace checkerlab::cli
