// `checkerlab workers`: who works and on what; and `drain`, `cordon`, `uncordon`.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/text/number.hpp"
#include "cli/client/session.hpp"
#include "cli/progress/block.hpp"
#include "cli/tables/table.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

using rpc::Json;

std::string device_text(const Json& device) {
  const double gib = device.at("memory_bytes").get<double>() / (1ULL << 30U);
  const long long count = device.at("count");
  const std::string name = device.at("name");
  return (count > 1 ? std::to_string(count) + " × " : "") + name + (gib > 0 ? ", " + compact(gib, 3) + " GiB" : "");
}

// The stages of what it was given, each with how often it is among the jobs listed: "Train model, Sample ×3, 40 more".
std::string running_text(const Json& worker) {
  std::vector<std::pair<std::string, std::int64_t>> stages;
  const Json& running = worker.at("running");
  for (const auto& job : running) {
    const std::string stage = stage_name(job.at("kind"));
    const auto known = std::ranges::find(stages, stage, &std::pair<std::string, std::int64_t>::first);
    if (known == stages.end()) {
      stages.emplace_back(stage, 1);
    } else {
      ++known->second;
    }
  }
  std::string text;
  for (const auto& [stage, count] : stages)
    text += (text.empty() ? "" : ", ") + stage + (count > 1 ? " ×" + std::to_string(count) : "");
  const std::int64_t more = worker.at("running_total").get<std::int64_t>() - std::ssize(running);
  if (more > 0) text += ", " + grouped(more) + " more";
  return text.empty() ? "idle" : text;
}

// "online", or what holds it back and until when.
std::string state_text(const Json& worker) {
  const std::string state = worker.at("state");
  return worker.at("until").is_string() ? state + " until " + worker.at("until").get<std::string>() : state;
}

std::string labels_text(const Json& labels) {
  std::string text;
  for (const auto& [name, value] : labels.items())
    text += (text.empty() ? "" : " ") + name + "=" + value.get<std::string>();
  return text;
}

// Those that nobody would guess from the state.
void print_reasons(std::ostream& out, const Json& workers) {
  for (const auto& worker : workers) {
    if (worker.at("reason").is_string())
      out << worker.at("name").get<std::string>() << " " << worker.at("reason").get<std::string>() << "\n";
  }
}

Table worker_table(const Json& workers) {
  Table table({{"Worker"},
               {"State"},
               {"Device"},
               {"Slots", Align::right},
               {"Running"},
               {"Labels"},
               {"Version"},
               {"Last seen"}});
  for (const auto& worker : workers) {
    table.add_row({worker.at("name"), state_text(worker), device_text(worker.at("device")), grouped(worker.at("slots")),
                   running_text(worker), labels_text(worker.at("labels")), worker.at("version"),
                   worker.at("last_seen_at")});
  }
  return table;
}

class WorkersVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    CLI::Option* action = command.add_option("ACTION", action_, "What to do with a worker (default: list all)")
                              ->check(CLI::IsMember({"drain", "cordon", "uncordon"}));
    command.add_option("NAME", worker_, "Name or id of a worker; a name means all workers of that name")
        ->needs(action)
        ->type_name("NAME");
  }

  ExitCode run(Context& context) override {
    if (!action_.empty() && worker_.empty()) {
      throw Error(ErrorCode::invalid_argument, "which worker is to be " + action_ + "ed?",
                  "Give its name or id; `checkerlab workers` lists them.");
    }
    Session session = connect(context);
    const Json workers = action_.empty()
                             ? session.http().get("/api/v1/workers")
                             : session.http().post("/api/v1/workers/" + rpc::escape_query(worker_) + "/" + action_);
    if (context.options.json) {
      print_document(context.console.out, workers);
    } else if (!workers.at("items").empty()) {
      context.console.out << worker_table(workers.at("items")).to_text();
      print_reasons(context.console.out, workers.at("items"));
    } else if (action_.empty()) {
      context.console.out << "No worker yet. Start one with: checkerlab-worker --url " << session.endpoint().url()
                          << "\n";
    } else {
      context.console.out << worker_ << ": " << action_ << "ed\n";
    }
    return ExitCode::success;
  }

 private:
  std::string action_;
  std::string worker_;
};

}  // namespace

std::unique_ptr<Verb> make_workers_verb() {
  return std::make_unique<WorkersVerb>();
}

}  // namespace checkerlab::cli
