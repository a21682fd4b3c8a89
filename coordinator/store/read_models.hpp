// What the API's GET endpoints answer, as JSON in the API's own shape, straight from the database.
//
// Thread-safe; every call borrows a read connection and blocks for the length of its query, so call it off the I/O
// thread. Unknown ids throw Error(not_found); malformed cursors and limits Error(invalid_argument).
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "coordinator/service/server_event.hpp"
#include "coordinator/store/store.hpp"
#include "coordinator/store/study_diff.hpp"
#include "sweeps/plan.hpp"
#include "sweeps/search/next_points.hpp"

namespace checkerlab::coordinator {

struct PageRequest {
  std::string cursor;        // empty: the first page; else the next_cursor of the page before
  std::int64_t limit = 100;  // 1…1000
};

struct JobFilter {
  std::string study;  // id or name; empty: all
  std::string state;  // empty: all
  std::string kind;   // empty: all
};

struct LogRequest {
  std::int64_t after = 0;            // lines with a larger seq
  std::int64_t limit = 1000;         // 1…10000
  std::optional<std::int64_t> tail;  // the last N lines instead
};

struct EventPage {
  std::vector<ServerEvent> events;
  bool complete = true;  // false: events after `after` have been dropped already; the client should load anew
};

class ReadModels {
 public:
  // `store` and `clock` outlive this object.
  ReadModels(const Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  Json studies(const PageRequest& page,
               bool archived = false) const;                // {items, next_cursor}; archived ones or the others
  Json study(const std::string& id_or_name) const;          // study + {definition, filename, overrides, ratios}
  Json points(const std::string& id_or_name) const;         // {items}
  Json revisions(const std::string& id_or_name) const;      // {items}, newest first
  Json code_versions(const std::string& id_or_name) const;  // which code versions made the results
  // What would change if the study consisted of these jobs, and how its set differs from another study's or changed
  // between two revisions. See study_diff.hpp.
  Json diff_with(const std::string& id_or_name, const std::vector<DiffJob>& jobs) const;
  Json diff_studies(const std::string& id_or_name, const std::string& other) const;
  Json diff_revisions(const std::string& id_or_name, std::int64_t from, std::int64_t to) const;
  // Other studies that share jobs with these keys: [{id, name, jobs}], those with most first.
  Json sharing(const std::vector<std::string>& keys) const;
  // {definition, overrides, given: {dataset, files}}; given is what whoever submitted it had found and hashed.
  Json present_revision(const std::string& id_or_name) const;
  // What is known of a search's scores, for a study that has that id or name.
  sweeps::Scores scores_for(const std::string& id_or_name) const;
  Json figure(const std::string& id_or_name) const;  // {series}
  // What is left of a study, in time (store/forecast.hpp).
  Json forecast(const std::string& id_or_name) const;
  // Of a planned one: `open` of its jobs by kind are not done.
  Json forecast(const sweeps::Plan& plan, const std::map<std::string, std::int64_t>& open) const;
  Json jobs(const JobFilter& filter, const PageRequest& page) const;  // {items, next_cursor}, failed first
  Json job(const std::string& key) const;                             // job detail
  Json logs(const std::string& key, const LogRequest& request) const;
  Json curves(const std::string& key) const;    // {series: {name: [[step, value], …]}}
  Json timeline(const std::string& key) const;  // what happened when, over all attempts
  Json workers() const;                         // {items}
  // What connected workers last said about their devices: [{id, name, devices}]; without those that do not know.
  Json worker_loads() const;

  // Of these keys, those whose result is known (for dry runs).
  std::int64_t count_done(const std::vector<std::string>& keys) const;
  // Of these keys, those that were submitted before.
  std::int64_t count_known(const std::vector<std::string>& keys) const;

  // Events with a larger id, oldest first; at most `limit`. `study` is an id; empty: all.
  EventPage events_after(std::uint64_t after, const std::string& study, std::int64_t limit) const;
  std::uint64_t last_event_id() const;

  // Whether one of these jobs (by number) has the artifact as an input or as its checkpoint.
  bool is_needed_by(const std::vector<std::int64_t>& jobs, const std::string& sha256) const;

  // The SHA-256 of artifact `name` of job `key`, or none.
  std::optional<std::string> artifact_of(const std::string& key, const std::string& name) const;

 private:
  const Store& store_;
  const Clock& clock_;
};

}  // namespace checkerlab::coordinator
