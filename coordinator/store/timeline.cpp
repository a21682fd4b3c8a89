#include "coordinator/store/timeline.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

using Time = std::optional<std::int64_t>;

struct AttemptTimes {
  std::int64_t number = 0;
  std::string worker;
  std::string state;
  Time queued, fetched, started, ended;
  std::int64_t assigned = 0;
  Json error;
};

Time time_of(const SQLite::Column& column) {
  return column.isNull() ? std::nullopt : Time(column.getInt64());
}

std::vector<AttemptTimes> attempts_of(SQLite::Database& database, std::int64_t job) {
  std::vector<AttemptTimes> attempts;
  for_each_row(
      database,
      "SELECT a.number, w.name, a.state, a.queued_at, a.assigned_at, a.fetched_at, a.started_at, a.ended_at, "
      "json_extract(a.error, '$.message') FROM attempts a JOIN workers w ON w.id = a.worker WHERE a.job = ? "
      "ORDER BY a.number",
      [&](SQLite::Statement& row) {
        attempts.push_back({.number = row.getColumn(0).getInt64(),
                            .worker = row.getColumn(1).getString(),
                            .state = row.getColumn(2).getString(),
                            .queued = time_of(row.getColumn(3)),
                            .fetched = time_of(row.getColumn(5)),
                            .started = time_of(row.getColumn(6)),
                            .ended = time_of(row.getColumn(7)),
                            .assigned = row.getColumn(4).getInt64(),
                            .error = text_or_null(row.getColumn(8))});
      },
      job);
  return attempts;
}

class Timeline {
 public:
  void event(const char* what, std::int64_t at, Json detail = Json::object()) {
    detail.update({{"event", what}, {"at", time_text(at)}});
    events_.emplace_back(at, std::move(detail));
  }

  // Nothing took no time at all, unless it goes on.
  void span(const char* phase, std::int64_t from, Time to, const Json& detail = Json::object()) {
    if (to && *to <= from) return;
    Json span = detail;
    span.update({{"phase", phase}, {"from", time_text(from)}, {"to", to ? Json(time_text(*to)) : Json(nullptr)}});
    spans_.push_back(std::move(span));
  }

  void attempt(const AttemptTimes& times) {
    const Json of{{"attempt", times.number}, {"worker", times.worker}};
    if (times.queued) {
      event("queued", *times.queued, {{"attempt", times.number}});
      span("queued", *times.queued, times.assigned, {{"attempt", times.number}});
    }
    event("assigned", times.assigned, of);
    const Time begun = times.started ? times.started : times.ended;
    if (times.fetched) {
      event("fetched", *times.fetched, of);
      span("waiting", *times.fetched, begun, of);
    }
    span("fetching", times.assigned, times.fetched ? times.fetched : begun, of);
    if (times.started) {
      event("started", *times.started, of);
      span("running", *times.started, times.ended, of);
    }
    if (!times.ended) return;
    Json how = of;
    how.update({{"state", times.state}, {"message", times.error}});
    event("ended", *times.ended, std::move(how));
  }

  Json events() {
    std::stable_sort(events_.begin(), events_.end(),
                     [](const auto& left, const auto& right) { return left.first < right.first; });
    Json list = Json::array();
    for (auto& [at, event] : events_)
      list.push_back(std::move(event));
    return list;
  }

  // Times of one length sort as text.
  Json spans() {
    std::stable_sort(spans_.begin(), spans_.end(),
                     [](const Json& left, const Json& right) { return left.at("from") < right.at("from"); });
    return Json(std::move(spans_));
  }

 private:
  std::vector<std::pair<std::int64_t, Json>> events_;
  std::vector<Json> spans_;
};

struct JobTimes {
  Json document;
  std::string state;
  std::int64_t created = 0;
  std::int64_t changed = 0;
  Time queued, finished;
};

JobTimes job_times(SQLite::Database& database, std::int64_t job) {
  JobTimes times;
  for_each_row(
      database,
      "SELECT key, kind, label, state, created_at, changed_at, queued_at, finished_at FROM jobs WHERE number = ?",
      [&](SQLite::Statement& row) {
        times.state = row.getColumn(3).getString();
        times.document = {{"key", row.getColumn(0).getString()},
                          {"kind", row.getColumn(1).getString()},
                          {"label", row.getColumn(2).getString()},
                          {"state", times.state}};
        times.created = row.getColumn(4).getInt64();
        times.changed = row.getColumn(5).getInt64();
        times.queued = time_of(row.getColumn(6));
        times.finished = time_of(row.getColumn(7));
      },
      job);
  return times;
}

void add_checkpoints(SQLite::Database& database, std::int64_t job, Timeline& timeline) {
  for_each_row(
      database,
      "SELECT attempt, step, bytes, recorded_at FROM checkpoint_history WHERE job = ? ORDER BY recorded_at, step",
      [&](SQLite::Statement& row) {
        timeline.event("checkpoint", row.getColumn(3).getInt64(),
                       {{"attempt", row.getColumn(0).getInt64()},
                        {"step", row.getColumn(1).getInt64()},
                        {"bytes", row.getColumn(2).getInt64()}});
      },
      job);
}

}  // namespace

Json timeline_document(SQLite::Database& database, std::int64_t job, std::int64_t now) {
  const JobTimes times = job_times(database, job);
  const auto attempts = attempts_of(database, job);
  Timeline timeline;
  timeline.event("submitted", times.created);
  const Time first_queued = attempts.empty() ? times.queued : attempts.front().queued;
  const bool ended = times.finished.has_value();
  if (first_queued || ended || times.state == "blocked")
    timeline.span("blocked", times.created, first_queued ? first_queued : times.finished);
  add_checkpoints(database, job, timeline);  // before the end of an attempt in the same instant
  for (const AttemptTimes& attempt : attempts)
    timeline.attempt(attempt);
  const bool waited_last = times.queued && (attempts.empty() || attempts.back().queued != times.queued);
  if (times.state == "cancelled" && waited_last) {
    timeline.event("queued", *times.queued);
    timeline.span("queued", *times.queued, times.finished);
  }
  if (times.state == "queued") {
    const std::int64_t since = times.queued.value_or(times.changed);
    timeline.event("queued", since, {{"attempt", static_cast<std::int64_t>(attempts.size()) + 1}});
    timeline.span("queued", since, std::nullopt, {{"attempt", static_cast<std::int64_t>(attempts.size()) + 1}});
  }
  if (times.state == "blocked" && !attempts.empty()) timeline.span("blocked", times.changed, std::nullopt);
  if (ended) timeline.event("finished", *times.finished, {{"state", times.state}});
  Json document = times.document;
  document["now"] = time_text(now);
  document["spans"] = timeline.spans();
  document["events"] = timeline.events();
  return document;
}

}  // namespace checkerlab::coordinator
