// `checkerlab logs`: the log of a job, also while it is being written.
#include <chrono>
#include <optional>

#include "base/error.hpp"
#include "base/text/text_width.hpp"
#include "cli/client/event_feed.hpp"
#include "cli/client/session.hpp"
#include "cli/verbs/job_key.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

using rpc::Json;
using std::chrono::milliseconds;

constexpr long long kPage = 1000;
constexpr milliseconds kTurn{1'000};

bool ended(const std::string& state) {
  return state == "succeeded" || state == "failed" || state == "cancelled";
}

class LogsVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    command.add_option("JOB", job_, "Key of a job; its first characters are enough")->required()->type_name("KEY");
    command.add_flag("--follow,-f", follow_, "Go on until the job ends");
    command.add_option("--tail", tail_, "Only the last so many lines")->check(CLI::Range(1, 1000))->type_name("N");
  }

  ExitCode run(Context& context) override {
    Session session = follow_ ? connect(context) : connect_to_read(context);
    const std::string key = full_job_key(session, job_);
    const Json lines = first_lines(session, key);
    if (context.options.json && !follow_) {
      print_document(context.console.out, {{"key", key}, {"items", lines}});
      return ExitCode::success;
    }
    print(context, lines);
    return follow_ ? follow(context, session, key) : ExitCode::success;
  }

 private:
  Json first_lines(Session& session, const std::string& key) {
    if (!tail_) return lines_after(session, key);
    Json lines = session.http().get("/api/v1/jobs/" + key + "/logs?tail=" + std::to_string(*tail_)).at("items");
    remember(lines);
    return lines;
  }

  // All lines behind those seen already, page by page.
  Json lines_after(Session& session, const std::string& key) {
    Json lines = Json::array();
    for (;;) {
      const Json page =
          session.http()
              .get("/api/v1/jobs/" + key + "/logs?limit=" + std::to_string(kPage) + "&after=" + std::to_string(seen_))
              .at("items");
      for (const auto& line : page)
        lines.push_back(line);
      remember(page);
      if (page.size() < kPage) return lines;
    }
  }

  void remember(const Json& lines) {
    if (!lines.empty()) seen_ = std::max(seen_, lines.back().at("seq").get<long long>());
  }

  // An event only says that there is something new; the lines themselves are read in order, each once.
  ExitCode follow(Context& context, Session& session, const std::string& key) {
    EventFeed feed(session.endpoint(), "/api/v1/events");
    for (;;) {
      const std::string state = session.http().get("/api/v1/jobs/" + key).at("state");
      print(context, lines_after(session, key));
      if (ended(state)) return state == "succeeded" ? ExitCode::success : code_of(state);
      wait_for_news(feed, key, context.console.stop);
      if (context.console.stop.stop_requested()) throw Error(ErrorCode::cancelled, "interrupted");
    }
  }

  static void wait_for_news(EventFeed& feed, const std::string& key, const std::stop_token& stop) {
    const auto until = std::chrono::steady_clock::now() + kTurn;
    while (std::chrono::steady_clock::now() < until && !stop.stop_requested()) {
      const auto left = std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
      for (const auto& event : feed.wait(std::max(left, milliseconds{1}), stop)) {
        if ((event.type == "log" || event.type == "job") && event.data.find(key) != std::string::npos) return;
      }
    }
  }

  static ExitCode code_of(const std::string& state) {
    return state == "cancelled" ? ExitCode::cancelled : ExitCode::failed;
  }

  static void print(Context& context, const Json& lines) {
    for (const auto& line : lines) {
      if (context.options.json) {
        print_line(context.console.out, line);
      } else {
        context.console.out << line.at("time").get<std::string>() << " " << line.at("level").get<std::string>() << " "
                            << printable(line.at("text").get<std::string>()) << "\n";
      }
    }
    context.console.out << std::flush;
  }

  std::string job_;
  bool follow_ = false;
  std::optional<int> tail_;
  long long seen_ = 0;
};

}  // namespace

std::unique_ptr<Verb> make_logs_verb() {
  return std::make_unique<LogsVerb>();
}

}  // namespace checkerlab::cli
