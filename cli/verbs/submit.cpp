// `checkerlab submit`: hand a study over and return.
#include <vector>

#include "base/text/number.hpp"
#include "cli/client/session.hpp"
#include "cli/run/dry_run.hpp"
#include "cli/run/study_source.hpp"
#include "cli/run/submission.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"
#include "cli/verbs/study_options.hpp"

namespace checkerlab::cli {
namespace {

class SubmitVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    add_study_options(command, study_, overrides_);
    options_.declare(command);
    command.add_flag("--dry-run", dry_run_, "Only print the points and jobs, and what is done already");
  }

  ExitCode run(Context& context) override {
    const StudySource source = load_study(study_, overrides_, context);
    if (dry_run_) {
      print_dry_run(context, source);
      return ExitCode::success;
    }
    Session session = connect(context);
    const rpc::Json study = session.http().post("/api/v1/studies", options_.request(source));
    if (context.options.json) {
      print_document(context.console.out, study);
      return ExitCode::success;
    }
    const std::string name = study.at("name");
    context.console.out << "submitted " << name << " (" << study.at("id").get<std::string>()
                        << "): " << grouped(study.at("jobs_total")) << " jobs, " << grouped(study.at("jobs_done"))
                        << " done already\nfollow it with: " << context.program() << " watch " << name << "\n";
    if (study.value("paused", false)) context.console.out << "it is paused: nothing starts until it is resumed\n";
    return ExitCode::success;
  }

 private:
  std::string study_;
  std::vector<std::string> overrides_;
  SubmissionOptions options_;
  bool dry_run_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_submit_verb() {
  return std::make_unique<SubmitVerb>();
}

}  // namespace checkerlab::cli
