// `checkerlab priority`: how a study stands to others from now on.
#include "base/error.hpp"
#include "cli/client/session.hpp"
#include "cli/run/submission.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

using rpc::Json;

class PriorityVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("STUDY", study_, "Name or id of a study")->required()->type_name("NAME");
    command.add_option("PRIORITY", priority_, "From -100 to 100; larger runs before smaller")->type_name("N");
    CLI::Option* deadline = add_deadline_option(command, deadline_);
    command.add_flag("--no-deadline", no_deadline_, "Forget the deadline")->excludes(deadline);
  }

  ExitCode run(Context& context) override {
    Session session = connect(context);
    const Json study = session.http().post("/api/v1/studies/" + rpc::escape_query(study_) + "/order", change());
    if (context.options.json) {
      print_document(context.console.out, study);
      return ExitCode::success;
    }
    const Json& deadline = study.at("deadline");
    context.console.out << study.at("name").get<std::string>() << ": priority " << study.at("priority")
                        << (deadline.is_string() ? ", deadline " + deadline.get<std::string>() : ", no deadline")
                        << "\n";
    return ExitCode::success;
  }

 private:
  Json change() const {
    Json body = Json::object();
    if (priority_) body["priority"] = *priority_;
    if (deadline_) body["deadline"] = *deadline_;
    if (no_deadline_) body["deadline"] = nullptr;
    if (body.empty())
      throw Error(ErrorCode::invalid_argument, "nothing to change", "Give a priority, --deadline or --no-deadline.");
    return body;
  }

  std::string study_;
  std::optional<int> priority_;
  std::optional<std::string> deadline_;
  bool no_deadline_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_priority_verb() {
  return std::make_unique<PriorityVerb>();
}

}  // namespace checkerlab::cli
