// `checkerlab watch`: follow a study until it ends; the exit code says how it ended.
#include "cli/client/session.hpp"
#include "cli/progress/follow.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

class WatchVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("STUDY", study_, "Name or id of a study")->required()->type_name("NAME");
  }

  ExitCode run(Context& context) override {
    Session session = connect(context);
    // A name means the latest study of that name: settle on one before following it.
    const std::string id = session.http().get("/api/v1/studies/" + rpc::escape_query(study_)).at("id");
    const auto display = make_display(context.console, context.options.json);
    const rpc::Json study = follow_study(session, id, context.console, *display);
    if (context.options.json) print_line(context.console.out, {{"type", "finished"}, {"study", study}});
    return exit_code_of_state(study.at("state"));
  }

 private:
  std::string study_;
};

}  // namespace

std::unique_ptr<Verb> make_watch_verb() {
  return std::make_unique<WatchVerb>();
}

}  // namespace checkerlab::cli
