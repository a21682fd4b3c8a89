// `checkerlab top`: studies, workers and running jobs, live.
#include <chrono>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "cli/client/event_feed.hpp"
#include "cli/client/session.hpp"
#include "cli/top/screen.hpp"
#include "cli/top/terminal.hpp"
#include "cli/verbs/json_output.hpp"
#include "cli/verbs/makers.hpp"

namespace checkerlab::cli {
namespace {

using rpc::Json;
using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kTurn{150};      // how long a key waits at most
constexpr milliseconds kSoonest{500};   // after an event
constexpr milliseconds kLatest{2'000};  // without any: times move on
constexpr std::size_t kMostStudies = 200;

TopView load(Session& session) {
  TopView view;
  view.studies = session.http().get("/api/v1/studies?limit=" + std::to_string(kMostStudies)).at("items");
  view.workers = session.http().get("/api/v1/workers").at("items");
  view.jobs = session.http().get("/api/v1/jobs?state=running&limit=500").at("items");
  view.now = rfc3339(SystemClock().utc()).substr(0, 19) + "Z";
  return view;
}

class TopVerb final : public Verb {
 public:
  void configure(CLI::App& command) override {
    command.add_flag("--once", once_, "Print once and end, as when the output is no terminal");
  }

  ExitCode run(Context& context) override {
    Session session = connect(context);
    const TopView view = load(session);
    if (context.options.json) {
      print_document(context.console.out, {{"studies", view.studies}, {"workers", view.workers}, {"jobs", view.jobs}});
    } else if (once_ || !context.console.out_is_terminal) {
      for (const auto& line : render_top(view, {.columns = context.console.width, .lines = 0}))
        context.console.out << line << "\n";
    } else {
      live(context, session, view);
    }
    return ExitCode::success;
  }

 private:
  static void live(Context& context, Session& session, TopView view) {
    Terminal terminal(context.console.out);
    EventFeed feed(session.endpoint(), "/api/v1/events");
    auto loaded = Steady::now();
    bool news = false;
    while (true) {
      const ScreenSize size = Terminal::size();
      terminal.draw(render_top(view, size));
      news = !feed.wait(kTurn, context.console.stop).empty() || news;
      if (context.console.stop.stop_requested()) throw Error(ErrorCode::cancelled, "interrupted");
      const char key = terminal.key();
      if (key == 'q' || key == 'Q') return;
      const auto age = Steady::now() - loaded;
      if (age < kSoonest || (!news && age < kLatest)) continue;
      reload(session, view);
      loaded = Steady::now();
      news = false;
    }
  }

  // A coordinator that restarts is waited for: what was shown last stays.
  static void reload(Session& session, TopView& view) {
    try {
      view = load(session);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unavailable && error.code() != ErrorCode::timeout) throw;
      view.note = "the coordinator does not answer";
    }
  }

  bool once_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_top_verb() {
  return std::make_unique<TopVerb>();
}

}  // namespace checkerlab::cli
