// `checkerlab run`: everything from a definition to its table and figure, with what is not there yet started here.
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/text/number.hpp"
#include "cli/progress/follow.hpp"
#include "cli/run/dry_run.hpp"
#include "cli/run/local_session.hpp"
#include "cli/run/outcome.hpp"
#include "cli/run/study_source.hpp"
#include "cli/run/submission.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"
#include "cli/verbs/study_options.hpp"

namespace checkerlab::cli {
namespace {

using rpc::Json;

void wait_for_stop(std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait(lock, std::move(stop), [] { return false; });
}

class RunVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    add_study_options(command, study_, overrides_);
    options_.declare(command);
    command.add_option("--figure", figure_, "Where the figure goes (default: DATA/figures/NAME.svg)")
        ->type_name("FILE");
    command.add_flag("--dry-run", dry_run_, "Only print the points and jobs, and what is done already");
    command.add_flag("--keep-server", keep_server_, "Keep what was started running until Ctrl-C (on a terminal)");
  }

  ExitCode run(Context& context) override {
    const StudySource source = load_study(study_, overrides_, context);
    if (dry_run_) {
      print_dry_run(context, source);
      return ExitCode::success;
    }
    Session session = session_for_run(context);
    const Json submitted = submit(context, session, source);
    const Json study = follow(context, session, submitted);
    print_outcome(context, session, study, figure_path(context, source));
    finish(context, session);
    return exit_code_of_state(study.at("state"));
  }

 private:
  Json submit(Context& context, Session& session, const StudySource& source) const {
    Json study = session.http().post("/api/v1/studies", options_.request(source));
    if (context.options.json) {
      print_line(context.console.out, {{"type", "submitted"}, {"study", study}});
      return study;
    }
    const long long total = study.at("jobs_total");
    const long long done = study.at("jobs_done");
    std::ostream& err = context.console.err;
    err << source.definition.name << ": " << grouped(total) << " jobs, "
        << (done == total ? std::string("all done already") : grouped(done) + " done already") << std::endl;
    err << "page: " << session.http().post("/api/v1/sign_in_links").at("url").get<std::string>()
        << " (signs a browser in once)" << std::endl;
    return study;
  }

  static Json follow(Context& context, Session& session, const Json& submitted) {
    const auto display = make_display(context.console, context.options.json);
    FollowOptions options;
    if (session.local() != nullptr) options.check = [&] { session.local()->expect_running(); };
    try {
      return follow_study(session, submitted.at("id"), context.console, *display, options);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::cancelled) throw;
      explain_interruption(context, session, submitted.at("name"));
      throw;
    }
  }

  static void explain_interruption(Context& context, Session& session, const std::string& name) {
    std::ostream& err = context.console.err;
    const bool ours = session.local() != nullptr && session.local()->owns_coordinator();
    session.stop();
    if (ours) {
      err << "\ninterrupted: what is done is kept, the same command goes on from there" << std::endl;
    } else {
      err << "\ninterrupted: the coordinator goes on with the study; `" << context.program() << " watch " << name
          << "` shows it, `" << context.program() << " cancel " << name << "` ends it" << std::endl;
    }
  }

  std::filesystem::path figure_path(const Context& context, const StudySource& source) const {
    if (figure_) return *figure_;
    return context.data_directory() / "figures" / (source.definition.name + ".svg");
  }

  void finish(Context& context, Session& session) const {
    if (session.local() == nullptr) return;
    Console& console = context.console;
    if (keep_server_ && console.out_is_terminal) {
      console.out << "Sign in:  " << session.http().post("/api/v1/sign_in_links").at("url").get<std::string>() << "\n"
                  << "Ctrl-C stops the coordinator and the worker." << std::endl;
      wait_for_stop(console.stop);
    } else if (!context.options.json) {
      console.out << "The page is there while a coordinator runs; see it again with: checkerlab run " << study_
                  << " --keep-server --data " << context.data_directory().string() << std::endl;
    }
    session.stop();
  }

  std::string study_;
  std::vector<std::string> overrides_;
  SubmissionOptions options_;
  std::optional<std::filesystem::path> figure_;
  bool dry_run_ = false;
  bool keep_server_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_run_verb() {
  return std::make_unique<RunVerb>();
}

}  // namespace checkerlab::cli
