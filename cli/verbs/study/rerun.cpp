// `checkerlab study rerun`: jobs that failed or were cancelled, once more.
#include <vector>

#include "cli/verbs/job_key.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/study/actions.hpp"
#include "cli/verbs/study/words.hpp"

namespace checkerlab::cli {
namespace {

class StudyRerunVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    add_study_name(command, study_);
    auto* failed = command.add_flag("--failed", failed_, "All that failed; what waits for them in vain follows");
    auto* cancelled = command.add_flag("--cancelled", cancelled_, "All that were cancelled");
    auto* missing = command.add_flag("--missing", missing_, "All that failed or were cancelled (default)");
    command.add_option("--job", jobs_, "This job, by the first digits of its key; as often as wanted")
        ->type_name("KEY")
        ->allow_extra_args(false)
        ->excludes(failed)
        ->excludes(cancelled)
        ->excludes(missing);
  }

  ExitCode run(Context& context) override {
    Session session = connect(context);
    const rpc::Json study = session.http().post(study_target(study_, "rerun"), request(session));
    if (context.options.json) {
      print_document(context.console.out, study);
    } else {
      context.console.out << rerun_text(study);
    }
    return ExitCode::success;
  }

 private:
  rpc::Json request(Session& session) const {
    if (jobs_.empty()) {
      const bool all = missing_ || (!failed_ && !cancelled_);
      return {{"failed", failed_ || all}, {"cancelled", cancelled_ || all}};
    }
    rpc::Json keys = rpc::Json::array();
    for (const std::string& job : jobs_)
      keys.push_back(full_job_key(session, job));
    return {{"jobs", std::move(keys)}};
  }

  std::string study_;
  bool failed_ = false;
  bool cancelled_ = false;
  bool missing_ = false;
  std::vector<std::string> jobs_;
};

}  // namespace

std::unique_ptr<Verb> make_study_rerun_verb() {
  return std::make_unique<StudyRerunVerb>();
}

}  // namespace checkerlab::cli
