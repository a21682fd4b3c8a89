// `checkerlab completion`: the script a shell needs, written from the program's own options.
#include "cli/app.hpp"
#include "cli/completion/scripts.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

class CompletionVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("SHELL", shell_, "Shell to write for")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  }

  ExitCode run(Context& context) override {
    CommandLine line;
    const std::string script = script_of(completion_tree(line.app()));
    if (context.options.json) {
      print_document(context.console.out, {{"shell", shell_}, {"script", script}});
    } else {
      context.console.out << script;
    }
    return ExitCode::success;
  }

 private:
  std::string script_of(const CompletionTree& tree) const {
    if (shell_ == "bash") return bash_completion(tree);
    return shell_ == "zsh" ? zsh_completion(tree) : fish_completion(tree);
  }

  std::string shell_;
};

}  // namespace

std::unique_ptr<Verb> make_completion_verb() {
  return std::make_unique<CompletionVerb>();
}

}  // namespace checkerlab::cli
