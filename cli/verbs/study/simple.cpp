// `checkerlab study resume|archive|unarchive`: one request without options, one sentence.
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/study/actions.hpp"
#include "cli/verbs/study/words.hpp"

namespace checkerlab::cli {
namespace {

class SimpleVerb final : public Verb {
 public:
  explicit SimpleVerb(std::string action) : action_(std::move(action)) {}

  void configure(CLI::App& command) override { add_study_name(command, study_); }

  ExitCode run(Context& context) override {
    Session session = connect(context);
    const rpc::Json study = session.http().post(study_target(study_, action_));
    if (context.options.json) {
      print_document(context.console.out, study);
    } else {
      context.console.out << study.at("name").get<std::string>() << ": " << state_text(study) << "\n";
    }
    return ExitCode::success;
  }

 private:
  std::string action_;
  std::string study_;
};

}  // namespace

std::unique_ptr<Verb> make_study_resume_verb() {
  return std::make_unique<SimpleVerb>("resume");
}
std::unique_ptr<Verb> make_study_archive_verb() {
  return std::make_unique<SimpleVerb>("archive");
}
std::unique_ptr<Verb> make_study_unarchive_verb() {
  return std::make_unique<SimpleVerb>("unarchive");
}

}  // namespace checkerlab::cli
