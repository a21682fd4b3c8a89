#include "cli/progress/follow.hpp"

#include <chrono>

#include "base/error.hpp"
#include "cli/client/event_feed.hpp"
#include "cli/progress/tracker.hpp"

namespace checkerlab::cli {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kTurn{100};
constexpr milliseconds kReload{2'000};
constexpr milliseconds kPatience{30'000};

class Follower {
 public:
  Follower(Session& session, const std::string& id, Console& console, Display& display, const FollowOptions& options)
      : session_(session),
        path_("/api/v1/studies/" + rpc::escape_query(id)),
        id_(rpc::escape_query(id)),
        console_(console),
        display_(display),
        options_(options) {}

  rpc::Json run() {
    load();
    EventFeed feed(session_.endpoint(), "/api/v1/events?study=" + id_);
    load();
    while (!tracker_.view().finished()) {
      if (options_.check) options_.check();
      take(feed.wait(kTurn, console_.stop));
      if (console_.stop.stop_requested()) throw Error(ErrorCode::cancelled, "interrupted");
      if (Steady::now() >= next_load_) try_load();
      display_.update(tracker_.view(), elapsed());
    }
    load();
    display_.finish(tracker_.view(), elapsed());
    return tracker_.study();
  }

 private:
  milliseconds elapsed() const { return std::chrono::duration_cast<milliseconds>(Steady::now() - begin_); }

  void take(const std::vector<rpc::ServerEvent>& events) {
    for (const auto& event : events) {
      if (event.type == "reset") next_load_ = Steady::now();
      const auto json = rpc::Json::parse(event.data, nullptr, false);
      if (!json.is_object()) continue;
      tracker_.apply(event.type, json);
      display_.event(json);
    }
  }

  void load() {
    tracker_.set_study(session_.http().get(path_));
    tracker_.set_running_jobs(session_.http().get("/api/v1/jobs?state=running&limit=200&study=" + id_).at("items"));
    reached_ = Steady::now();
    next_load_ = reached_ + kReload;
  }

  // A coordinator that restarts is waited for.
  void try_load() {
    try {
      load();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unavailable || Steady::now() - reached_ > kPatience) throw;
      next_load_ = Steady::now() + kReload;
    }
  }

  Session& session_;
  std::string path_;
  std::string id_;
  Console& console_;
  Display& display_;
  const FollowOptions& options_;
  StudyTracker tracker_;
  Steady::time_point begin_ = Steady::now();
  Steady::time_point reached_ = begin_;
  Steady::time_point next_load_ = begin_;
};

}  // namespace

rpc::Json follow_study(Session& session, const std::string& id, Console& console, Display& display,
                       const FollowOptions& options) {
  return Follower(session, id, console, display, options).run();
}

ExitCode exit_code_of_state(const std::string& state) {
  if (state == "succeeded") return ExitCode::success;
  return state == "cancelled" ? ExitCode::cancelled : ExitCode::failed;
}

}  // namespace checkerlab::cli
