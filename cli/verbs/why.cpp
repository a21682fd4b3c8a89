// `checkerlab why`: why a job is where it is, down to each worker.
#include "cli/client/session.hpp"
#include "cli/tables/table.hpp"
#include "cli/verbs/job_key.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

using rpc::Json;

Table worker_table(const Json& workers) {
  Table table({{"Worker"}, {"Id"}, {"Could run it"}, {"Now"}});
  for (const auto& worker : workers) {
    const bool suits = worker.at("suits");
    table.add_row({worker.at("name"), worker.at("id"), suits ? "yes" : "no", worker.at("reason")});
  }
  return table;
}

class WhyVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("JOB", job_, "First characters of the job's key")->required()->type_name("KEY");
  }

  ExitCode run(Context& context) override {
    Session session = connect(context);
    const Json why = session.http().get("/api/v1/jobs/" + full_job_key(session, job_) + "/why");
    if (context.options.json) {
      print_document(context.console.out, why);
      return ExitCode::success;
    }
    context.console.out << why.at("summary").get<std::string>() << "\n";
    for (const auto& detail : why.at("details"))
      context.console.out << detail.get<std::string>() << "\n";
    if (!why.at("workers").empty()) context.console.out << "\n" << worker_table(why.at("workers")).to_text();
    return ExitCode::success;
  }

 private:
  std::string job_;
};

}  // namespace

std::unique_ptr<Verb> make_why_verb() {
  return std::make_unique<WhyVerb>();
}

}  // namespace checkerlab::cli
