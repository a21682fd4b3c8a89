// `checkerlab jobs`: jobs of one study or of all, failed ones first.
#include "base/text/number.hpp"
#include "cli/client/session.hpp"
#include "cli/tables/table.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

using rpc::Json;

constexpr std::size_t kShownKey = 12;

std::string progress_text(const Json& job) {
  const auto& error = job.at("error");
  if (error.is_object()) return error.at("message");
  if (job.at("retry_at").is_string()) return "crashed; tried again at " + job.at("retry_at").get<std::string>();
  const auto& progress = job.at("progress");
  if (!progress.is_object() || job.at("state") != "running") return "";
  std::string text = compact(progress.at("done"), 6) + "/" + compact(progress.at("total"), 6) + " " +
                     progress.at("unit").get<std::string>();
  const std::string message = progress.at("message");
  return message.empty() ? text : text + ", " + message;
}

// "3", or "5: 1 crashed, 2 lost" when some ended badly.
std::string tries_text(const Json& job) {
  std::string ends;
  for (const auto& [name, text] : {std::pair{"crashes", "crashed"}, {"losses", "lost"}, {"preemptions", "preempted"}}) {
    const long long count = job.at(name);
    if (count > 0) ends += (ends.empty() ? ": " : ", ") + grouped(count) + " " + text;
  }
  return grouped(job.at("attempts")) + ends;
}

// "a", or "a + 3 more" when several do it together.
std::string worker_text(const Json& job) {
  if (!job.at("worker").is_string()) return "";
  const std::string worker = job.at("worker");
  const auto others = static_cast<long long>(job.at("workers").size()) - 1;
  return others > 0 ? worker + " + " + grouped(others) + " more" : worker;
}

Table job_table(const Json& jobs) {
  Table table({{"Job"}, {"State"}, {"Kind"}, {"What"}, {"Tries", Align::right}, {"Worker"}, {"Progress or error"}});
  for (const auto& job : jobs) {
    table.add_row({job.at("key").get<std::string>().substr(0, kShownKey), job.at("state"), job.at("kind"),
                   job.at("label"), tries_text(job), worker_text(job), progress_text(job)});
  }
  return table;
}

class JobsVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("STUDY", study_, "Name or id of a study (default: all)")->type_name("NAME");
    command.add_option("--state", state_, "Only jobs in this state")
        ->check(CLI::IsMember({"blocked", "queued", "running", "succeeded", "failed", "cancelled"}));
    command.add_option("--kind", kind_, "Only jobs of this kind")->type_name("KIND");
    command.add_option("--limit", limit_, "Most jobs to list")
        ->check(CLI::PositiveNumber)
        ->type_name("N")
        ->capture_default_str();
  }

  ExitCode run(Context& context) override {
    Session session = connect_to_read(context);
    Json jobs = session.all_items(target(), limit_);
    const bool more = jobs.size() > limit_;
    while (jobs.size() > limit_)
      jobs.erase(jobs.end() - 1);
    if (context.options.json) {
      print_document(context.console.out, {{"items", jobs}});
    } else if (jobs.empty()) {
      context.console.out << "No such job.\n";
    } else {
      context.console.out << job_table(jobs).to_text();
    }
    if (more) context.console.err << "note: there are more jobs; see --limit" << std::endl;
    return ExitCode::success;
  }

 private:
  std::string target() const {
    std::string query;
    const auto add = [&](const char* name, const std::string& value) {
      if (!value.empty()) query += (query.empty() ? "?" : "&") + std::string(name) + "=" + rpc::escape_query(value);
    };
    add("study", study_);
    add("state", state_);
    add("kind", kind_);
    return "/api/v1/jobs" + query;
  }

  std::string study_;
  std::string state_;
  std::string kind_;
  std::size_t limit_ = 200;
};

}  // namespace

std::unique_ptr<Verb> make_jobs_verb() {
  return std::make_unique<JobsVerb>();
}

}  // namespace checkerlab::cli
