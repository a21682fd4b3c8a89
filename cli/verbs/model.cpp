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
