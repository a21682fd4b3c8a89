// `checkerlab study pause`: a rest for a study.
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/study/actions.hpp"
#include "cli/verbs/study/words.hpp"

namespace checkerlab::cli {
namespace {

class StudyPauseVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    add_study_name(command, study_);
    command.add_flag("--stop-running", stop_running_,
                     "Also take back what runs for it alone; that goes on from its last checkpoint later");
  }

  ExitCode run(Context& context) override {
    Session session = connect(context);
    const rpc::Json study = session.http().post(study_target(study_, "pause"), {{"stop_running", stop_running_}});
    if (context.options.json) {
      print_document(context.console.out, study);
    } else {
      context.console.out << paused_text(study);
    }
    return ExitCode::success;
  }

 private:
  std::string study_;
  bool stop_running_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_study_pause_verb() {
  return std::make_unique<StudyPauseVerb>();
}

}  // namespace checkerlab::cli
