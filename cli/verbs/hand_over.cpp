#include "cli/verbs/hand_over.hpp"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "base/error.hpp"
#include "cli/local/programs.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

// Where neither is known, the worker says so itself when it needs a data directory.
void export_data_directory(const Context& context) {
  if (context.options.data) ::setenv("CHECKERLAB_HOME", context.data_directory().c_str(), 1);
  if (std::getenv("CHECKERLAB_HOME") != nullptr || std::getenv("HOME") == nullptr) return;
  ::setenv("CHECKERLAB_HOME", context.data_directory().c_str(), 1);
}

[[noreturn]] void become(const std::filesystem::path& program, std::vector<std::string> arguments) {
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
  arguments.insert(arguments.begin(), program.string());
  std::vector<char*> argv;
  for (std::string& argument : arguments)
    argv.push_back(argument.data());
  argv.push_back(nullptr);
  ::execv(program.c_str(), argv.data());
  throw errno_error(errno, "start " + program.string());
}

class HandedOverVerb final : public Verb {
 public:
  explicit HandedOverVerb(std::string name) : name_(std::move(name)) {}

  void configure(CLI::App& command) override {
    command_ = &command;
    leave_arguments(command);
  }

  ExitCode run(Context& context) override { hand_over(context, {name_}, *command_); }

 private:
  std::string name_;
  CLI::App* command_ = nullptr;
};

}  // namespace

void leave_arguments(CLI::App& command) {
  command.prefix_command()->fallthrough(false)->set_help_flag();
}

void hand_over(const Context& context, std::vector<std::string> words, const CLI::App& command) {
  const auto program = sibling_program("checkerlab-worker");
  export_data_directory(context);
  const auto rest = command.remaining();
  words.insert(words.end(), rest.begin(), rest.end());
  if (context.options.json) words.emplace_back("--json");
  become(program, std::move(words));
}

std::unique_ptr<Verb> make_handed_over_verb(const std::string& name) {
  return std::make_unique<HandedOverVerb>(name);
}

std::unique_ptr<Verb> make_features_verb() {
  return make_handed_over_verb("features");
}

std::unique_ptr<Verb> make_score_verb() {
  return make_handed_over_verb("score");
}

}  // namespace checkerlab::cli
