// `checkerlab timeline`: where the time of a job went, over all its attempts.
#include "cli/client/session.hpp"
#include "cli/timeline/render.hpp"
#include "cli/verbs/job_key.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

class TimelineVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("JOB", job_, "Key of a job; its first characters are enough")->required()->type_name("KEY");
  }

  ExitCode run(Context& context) override {
    Session session = connect_to_read(context);
    const auto timeline = session.http().get("/api/v1/jobs/" + full_job_key(session, job_) + "/timeline");
    if (context.options.json) {
      print_document(context.console.out, timeline);
    } else {
      context.console.out << render_timeline(timeline, context.console.width);
    }
    return ExitCode::success;
  }

 private:
  std::string job_;
};

}  // namespace

std::unique_ptr<Verb> make_timeline_verb() {
  return std::make_unique<TimelineVerb>();
}

}  // namespace checkerlab::cli
