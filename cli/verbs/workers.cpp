// `checkerlab workers`: who works and on what.
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

std::string running_text(const Json& running) {
  std::string text;
  for (const auto& job : running)
    text += (text.empty() ? "" : ", ") + stage_name(job.at("kind"));
  return text.empty() ? "idle" : text;
}

Table worker_table(const Json& workers) {
  Table table({{"Worker"}, {"State"}, {"Device"}, {"Slots", Align::right}, {"Running"}, {"Version"}, {"Last seen"}});
  for (const auto& worker : workers) {
    table.add_row({worker.at("name"), worker.at("state"), device_text(worker.at("device")), grouped(worker.at("slots")),
                   running_text(worker.at("running")), worker.at("version"), worker.at("last_seen_at")});
  }
  return table;
}

class WorkersVerb final : public Verb {
 public:
  void configure(CLI::App&) override {}

  ExitCode run(Context& context) override {
    Session session = connect(context);
    const Json workers = session.http().get("/api/v1/workers");
    if (context.options.json) {
      print_document(context.console.out, workers);
    } else if (workers.at("items").empty()) {
      context.console.out << "No worker yet. Start one with: checkerlab-worker --url " << session.endpoint().url()
                          << "\n";
    } else {
      context.console.out << worker_table(workers.at("items")).to_text();
    }
    return ExitCode::success;
  }
};

}  // namespace

std::unique_ptr<Verb> make_workers_verb() {
  return std::make_unique<WorkersVerb>();
}

}  // namespace checkerlab::cli
