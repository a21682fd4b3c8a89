// `checkerlab study compare-code`: which code versions made a study's results.
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/study/actions.hpp"
#include "cli/verbs/study/words.hpp"

namespace checkerlab::cli {
namespace {

class StudyCompareCodeVerb final : public Verb {
 public:
  void configure(CLI::App& command) override { add_study_name(command, study_); }

  ExitCode run(Context& context) override {
    Session session = connect_to_read(context);
    const rpc::Json code = session.http().get(study_target(study_, "code"));
    if (context.options.json) {
      print_document(context.console.out, code);
    } else {
      context.console.out << code_text(study_, code);
    }
    return ExitCode::success;
  }

 private:
  std::string study_;
};

}  // namespace

std::unique_ptr<Verb> make_study_compare_code_verb() {
  return std::make_unique<StudyCompareCodeVerb>();
}

}  // namespace checkerlab::cli
