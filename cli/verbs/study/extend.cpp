// `checkerlab study extend`: another definition for a study that is there.
#include <vector>

#include "cli/run/study_source.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/study/actions.hpp"
#include "cli/verbs/study/words.hpp"
#include "cli/verbs/study_options.hpp"

namespace checkerlab::cli {
namespace {

class StudyExtendVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    add_study_name(command, study_);
    command.add_option("DEFINITION", definition_, "Study definition (YAML)")->required()->type_name("FILE");
    add_override_options(command, overrides_);
    command.add_flag("--dry-run", dry_run_, "Only show what would change, as `study diff` does");
  }

  ExitCode run(Context& context) override {
    const StudySource source = load_study(definition_, overrides_, context);
    Session session = dry_run_ ? connect_to_read(context) : connect(context);
    const rpc::Json answer = session.http().post(study_target(study_, dry_run_ ? "diff" : "extend"), source.request());
    if (context.options.json) {
      print_document(context.console.out, answer);
    } else {
      context.console.out << (dry_run_ ? diff_text(answer) : extended_text(answer));
    }
    return ExitCode::success;
  }

 private:
  std::string study_;
  std::string definition_;
  std::vector<std::string> overrides_;
  bool dry_run_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_study_extend_verb() {
  return std::make_unique<StudyExtendVerb>();
}

}  // namespace checkerlab::cli
