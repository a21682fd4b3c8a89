// `checkerlab study history`: every definition that a study had.
#include <optional>

#include "base/error.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/study/actions.hpp"
#include "cli/verbs/study/words.hpp"

namespace checkerlab::cli {
namespace {

class StudyHistoryVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    add_study_name(command, study_);
    command.add_option("--show", shown_, "Print the definition of this revision as it was submitted")->type_name("N");
  }

  ExitCode run(Context& context) override {
    Session session = connect_to_read(context);
    const rpc::Json revisions = session.http().get(study_target(study_, "revisions"));
    if (shown_) {
      context.console.out << definition_in(revisions);
    } else if (context.options.json) {
      print_document(context.console.out, revisions);
    } else {
      context.console.out << history_text(revisions);
    }
    return ExitCode::success;
  }

 private:
  std::string definition_in(const rpc::Json& revisions) const {
    for (const rpc::Json& revision : revisions.at("items")) {
      if (revision.at("number") == *shown_) return revision.at("definition");
    }
    throw Error(ErrorCode::not_found, "the study has no revision " + std::to_string(*shown_),
                "`checkerlab study history` lists them.");
  }

  std::string study_;
  std::optional<long long> shown_;
};

}  // namespace

std::unique_ptr<Verb> make_study_history_verb() {
  return std::make_unique<StudyHistoryVerb>();
}

}  // namespace checkerlab::cli
