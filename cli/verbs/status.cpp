// `checkerlab status`: all studies, or one with its stages.
#include "base/text/number.hpp"
#include "cli/client/session.hpp"
#include "cli/progress/block.hpp"
#include "cli/progress/forecast_text.hpp"
#include "cli/progress/tracker.hpp"
#include "cli/tables/table.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"
#include "cli/verbs/study/words.hpp"

namespace checkerlab::cli {
namespace {

constexpr std::size_t kMostStudies = 10'000;

std::string done_of(long long done, long long total) {
  return grouped(done) + "/" + grouped(total);
}

Table study_table(const rpc::Json& studies) {
  Table table({{"Study"},
               {"State"},
               {"Jobs", Align::right},
               {"Failed", Align::right},
               {"Points", Align::right},
               {"Created"},
               {"Id"}});
  for (const auto& study : studies) {
    const auto& jobs = study.at("jobs");
    const auto& points = study.at("points");
    table.add_row({study.at("name"), state_text(study), done_of(jobs.at("succeeded"), jobs.at("total")),
                   grouped(jobs.at("failed")), done_of(points.at("done"), points.at("total")), study.at("created_at"),
                   study.at("id")});
  }
  return table;
}

class StatusVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("STUDY", study_, "Name or id of a study (default: all)")->type_name("NAME");
    command.add_flag("--archived", archived_, "List those in the archive instead of the others");
  }

  ExitCode run(Context& context) override {
    Session session = connect_to_read(context);
    return study_.empty() ? all(context, session) : one(context, session);
  }

 private:
  ExitCode all(Context& context, Session& session) const {
    const rpc::Json studies =
        session.all_items(archived_ ? "/api/v1/studies?archived=true" : "/api/v1/studies", kMostStudies);
    if (context.options.json) {
      print_document(context.console.out, {{"items", studies}});
    } else if (studies.empty()) {
      context.console.out << (archived_ ? "No study is in the archive.\n"
                                        : "No study yet. Start one with: checkerlab run sweeps/demo.yaml\n");
    } else {
      context.console.out << study_table(studies).to_text();
    }
    return ExitCode::success;
  }

  ExitCode one(Context& context, Session& session) const {
    rpc::Json study = session.http().get("/api/v1/studies/" + rpc::escape_query(study_));
    const std::string id = rpc::escape_query(study.at("id").get<std::string>());
    study["forecast"] = session.http().get("/api/v1/studies/" + id + "/forecast");
    if (context.options.json) {
      print_document(context.console.out, study);
      return ExitCode::success;
    }
    StudyTracker tracker;
    tracker.set_study(study);
    tracker.set_running_jobs(running_jobs(session, study));
    for (const auto& line : render_block(tracker.view(), {.width = context.console.width})) {
      context.console.out << line << "\n";
    }
    if (study.contains("notice") && study.at("notice").is_string())
      context.console.out << study.at("notice").get<std::string>() << "\n";
    print_order(context.console.out, study);
    const bool open = study.at("state") == "queued" || study.at("state") == "running";
    const std::string left = forecast_text(study.at("forecast"));
    if (open && !left.empty()) context.console.out << left << "\n";
    return ExitCode::success;
  }

  // Where it differs from what is usual.
  static void print_order(std::ostream& out, const rpc::Json& study) {
    const long long priority = study.at("priority");
    if (priority != 0) out << "Priority " << priority << ".\n";
    if (study.at("deadline").is_string()) out << "Deadline " << study.at("deadline").get<std::string>() << ".\n";
  }

  static rpc::Json running_jobs(Session& session, const rpc::Json& study) {
    const auto id = rpc::escape_query(study.at("id").get<std::string>());
    return session.http().get("/api/v1/jobs?state=running&limit=200&study=" + id).at("items");
  }

  std::string study_;
  bool archived_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_status_verb() {
  return std::make_unique<StatusVerb>();
}

}  // namespace checkerlab::cli
