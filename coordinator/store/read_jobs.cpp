#include "base/error.hpp"
#include "coordinator/scheduler/ids.hpp"
#include "coordinator/store/cursor.hpp"
#include "coordinator/store/documents.hpp"
#include "coordinator/store/job_places.hpp"
#include "coordinator/store/read_models.hpp"
#include "coordinator/store/sql.hpp"
#include "coordinator/store/timeline.hpp"

namespace checkerlab::coordinator {
namespace {

void check_state(const std::string& state) {
  if (state.empty()) return;
  try {
    scheduler::job_state_from(state);
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_argument, error.what(),
                "States are blocked, queued, running, succeeded, failed and cancelled.");
  }
}

Json log_line(SQLite::Statement& row) {
  return {{"seq", row.getColumn(0).getInt64()},
          {"attempt", row.getColumn(1).getInt64()},
          {"time", row.getColumn(2).getString()},
          {"level", row.getColumn(3).getString()},
          {"text", row.getColumn(4).getString()}};
}

std::int64_t count_keys(const Store& store, const std::vector<std::string>& keys, const char* sql) {
  return store.read([&](SQLite::Database& database) {
    SQLite::Statement statement(database, sql);
    std::int64_t count = 0;
    for (const std::string& key : keys) {
      statement.bind(1, key);
      count += statement.executeStep();
      statement.reset();
    }
    return count;
  });
}

}  // namespace

Json ReadModels::jobs(const JobFilter& filter, const PageRequest& page) const {
  check_limit(page.limit, 1000);
  check_state(filter.state);
  const auto after = page.cursor.empty() ? std::vector<std::int64_t>{-1, 0} : parse_cursor(page.cursor, 2);
  return store_.read([&](SQLite::Database& database) {
    PlaceFilter wanted{std::nullopt, filter.state, filter.kind};
    if (!filter.study.empty()) wanted.study = find_study(database, filter.study);
    const auto places = job_places(database, wanted, {after[0], after[1]}, page.limit + 1);
    return make_page(
        places, page.limit, [&](const JobPlace& place) { return job_document(database, place.number); },
        [](const JobPlace& place) { return std::to_string(place.rank) + "." + std::to_string(place.number); });
  });
}

Json ReadModels::job(const std::string& key) const {
  return store_.read(
      [&](SQLite::Database& database) { return job_detail_document(database, find_job(database, key)); });
}

Json ReadModels::timeline(const std::string& key) const {
  return store_.read([&](SQLite::Database& database) {
    return timeline_document(database, find_job(database, key), clock_.utc().time_since_epoch().count());
  });
}

Json ReadModels::logs(const std::string& key, const LogRequest& request) const {
  const std::int64_t limit = request.tail.value_or(request.limit);
  check_limit(limit, 10'000);
  const std::string columns =
      "SELECT seq, attempt, time, level, text FROM logs WHERE job = ? AND seq > ? ORDER BY seq ";
  const std::string sql =
      request.tail ? "SELECT * FROM (" + columns + "DESC LIMIT ?) ORDER BY seq" : columns + "LIMIT ?";
  return store_.read([&](SQLite::Database& database) {
    Json items = Json::array();
    for_each_row(
        database, sql, [&](SQLite::Statement& row) { items.push_back(log_line(row)); }, find_job(database, key),
        request.after, limit);
    return Json{{"items", items}};
  });
}

bool ReadModels::is_needed_by(const std::vector<std::int64_t>& jobs, const std::string& sha256) const {
  return store_.read([&](SQLite::Database& database) {
    SQLite::Statement needed(database,
                             "SELECT 1 FROM job_inputs i JOIN job_artifacts a ON a.job = i.input "
                             "WHERE i.job = ?1 AND a.sha256 = ?2 "
                             "UNION ALL SELECT 1 FROM checkpoints WHERE job = ?1 AND sha256 = ?2");
    for (const std::int64_t job : jobs) {
      bind_all(needed, job, sha256);
      if (needed.executeStep()) return true;
      needed.reset();
    }
    return false;
  });
}

Json ReadModels::curves(const std::string& key) const {
  return store_.read([&](SQLite::Database& database) {
    Json series = Json::object();
    for_each_row(
        database, "SELECT series, step, value FROM curves WHERE job = ? ORDER BY series, step",
        [&](SQLite::Statement& row) {
          series[row.getColumn(0).getString()].push_back({row.getColumn(1).getInt64(), row.getColumn(2).getDouble()});
        },
        find_job(database, key));
    return Json{{"series", series}};
  });
}

std::int64_t ReadModels::count_done(const std::vector<std::string>& keys) const {
  return count_keys(store_, keys, "SELECT 1 FROM jobs WHERE key = ? AND state = 'succeeded'");
}

std::int64_t ReadModels::count_known(const std::vector<std::string>& keys) const {
  return count_keys(store_, keys, "SELECT 1 FROM jobs WHERE key = ?");
}

std::optional<std::string> ReadModels::artifact_of(const std::string& key, const std::string& name) const {
  return store_.read([&](SQLite::Database& database) {
    std::optional<std::string> sha256;
    for_each_row(
        database, "SELECT sha256 FROM job_artifacts WHERE job = ? AND name = ?",
        [&](SQLite::Statement& row) { sha256 = row.getColumn(0).getString(); }, find_job(database, key), name);
    return sha256;
  });
}

}  // namespace checkerlab::coordinator
