// `checkerlab cancel`: end a study.
#include "cli/client/session.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

class CancelVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("STUDY", study_, "Name or id of a study")->required()->type_name("NAME");
  }

  ExitCode run(Context& context) override {
    Session session = connect(context);
    const rpc::Json study = session.http().post("/api/v1/studies/" + rpc::escape_query(study_) + "/cancel");
    if (context.options.json) {
      print_document(context.console.out, study);
    } else {
      context.console.out << study.at("name").get<std::string>() << ": " << study.at("state").get<std::string>()
                          << "; what is done is kept, submitting it again goes on from there\n";
    }
    return ExitCode::success;
  }

 private:
  std::string study_;
};

}  // namespace

std::unique_ptr<Verb> make_cancel_verb() {
  return std::make_unique<CancelVerb>();
}

}  // namespace checkerlab::cli
