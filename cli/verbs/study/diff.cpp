// `checkerlab study diff`: how a definition, another study or a revision differs.
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "cli/run/study_source.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/study/actions.hpp"
#include "cli/verbs/study/words.hpp"
#include "cli/verbs/study_options.hpp"

namespace checkerlab::cli {
namespace {

class StudyDiffVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    add_study_name(command, study_);
    command.add_option("DEFINITION", definition_, "Study definition (YAML) to compare with")->type_name("FILE");
    add_override_options(command, overrides_);
    command.add_option("--with", other_, "Compare with another study")->type_name("NAME");
    command.add_option("--from", from_, "Compare this revision …")->type_name("N");
    command.add_option("--to", to_, "… with this one (default: the present one)")->type_name("N");
  }

  ExitCode run(Context& context) override {
    check_choice();
    const rpc::Json diff = ask(context);
    if (context.options.json) {
      print_document(context.console.out, diff);
    } else {
      context.console.out << diff_text(diff);
    }
    return ExitCode::success;
  }

 private:
  void check_choice() const {
    const int chosen = (definition_.empty() ? 0 : 1) + (other_.empty() ? 0 : 1) + (from_ ? 1 : 0);
    if (chosen == 1 && (from_ || !to_) && (!definition_.empty() || overrides_.empty())) return;
    throw Error(ErrorCode::invalid_argument, "one comparison at a time: a definition, --with, or --from and --to",
                "See: checkerlab study diff --help");
  }

  rpc::Json ask(Context& context) const {
    if (!definition_.empty()) {
      const StudySource source = load_study(definition_, overrides_, context);
      Session session = connect_to_read(context);
      return session.http().post(study_target(study_, "diff"), source.request());
    }
    Session session = connect_to_read(context);
    if (!other_.empty()) return session.http().get(study_target(study_, "diff?with=" + rpc::escape_query(other_)));
    const long long to = to_ ? *to_ : present_revision(session);
    return session.http().get(
        study_target(study_, "diff?from=" + std::to_string(*from_) + "&to=" + std::to_string(to)));
  }

  long long present_revision(Session& session) const {
    return session.http().get("/api/v1/studies/" + rpc::escape_query(study_)).at("revision");
  }

  std::string study_;
  std::string definition_;
  std::vector<std::string> overrides_;
  std::string other_;
  std::optional<long long> from_;
  std::optional<long long> to_;
};

}  // namespace

std::unique_ptr<Verb> make_study_diff_verb() {
  return std::make_unique<StudyDiffVerb>();
}

}  // namespace checkerlab::cli
