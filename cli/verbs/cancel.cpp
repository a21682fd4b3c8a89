// `checkerlab cancel`: end a study.
#include "cli/client/session.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"
#include "cli/verbs/study/words.hpp"

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
      context.console.out << cancelled_text(study);
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
