// `checkerlab audit`: who did what.
#include "cli/client/session.hpp"
#include "cli/tables/table.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

using rpc::Json;

Table audit_table(const Json& entries) {
  Table table({{"Time"}, {"User"}, {"Role"}, {"Method"}, {"What"}, {"Status", Align::right}, {"From"}, {"Token"}});
  for (const auto& entry : entries) {
    const auto& status = entry.at("status");
    table.add_row({entry.at("time"), entry.at("user"), entry.at("role"), entry.at("method"), entry.at("subject"),
                   status.is_null() ? "?" : status.dump(), entry.at("address"), entry.at("token")});
  }
  return table;
}

class AuditVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("--user", user_, "Only what this user did")->type_name("NAME");
    command.add_option("--limit", limit_, "How many entries, newest first")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
  }

  ExitCode run(Context& context) override {
    Session session = connect(context);
    const std::string target = user_.empty() ? "/api/v1/audit" : "/api/v1/audit?user=" + rpc::escape_query(user_);
    Json entries = session.all_items(target, limit_);
    if (entries.size() > limit_) entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(limit_), entries.end());
    if (context.options.json) {
      print_document(context.console.out, {{"items", entries}});
    } else {
      context.console.out << audit_table(entries).to_text();
    }
    return ExitCode::success;
  }

 private:
  std::string user_;
  std::size_t limit_ = 50;
};

}  // namespace

std::unique_ptr<Verb> make_audit_verb() {
  return std::make_unique<AuditVerb>();
}

}  // namespace checkerlab::cli
