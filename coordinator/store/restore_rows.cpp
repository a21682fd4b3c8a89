#include "coordinator/store/restore_rows.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "coordinator/store/placement_json.hpp"
#include "coordinator/store/rank_rows.hpp"
#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr const char* kRepair = "It was changed by hand or is damaged: restore it from a copy.";

void expect_no_gap(std::int64_t last, std::size_t count, const char* what) {
  if (last == static_cast<std::int64_t>(count)) return;
  throw Error(
      ErrorCode::invalid_data,
      "the database has " + std::to_string(count) + " " + what + " and their last number is " + std::to_string(last),
      kRepair);
}

// How much of the time until `column` is left.
scheduler::Millis left_until(const SQLite::Column& column, std::int64_t utc_now) {
  return column.isNull() ? 0 : std::max<scheduler::Millis>(column.getInt64() - utc_now, 0);
}

// Interns names that mostly repeat.
class Kinds {
 public:
  explicit Kinds(std::vector<std::string>& names) : names_(names) {}

  std::uint32_t number_of(std::string_view name) {
    if (!names_.empty() && names_[last_] == name) return last_;
    const auto found = std::find(names_.begin(), names_.end(), name);
    last_ = static_cast<std::uint32_t>(found - names_.begin());
    if (found == names_.end()) names_.emplace_back(name);
    return last_;
  }

 private:
  std::vector<std::string>& names_;
  std::uint32_t last_ = 0;
};

// Without the wrapper, which counts references for every value: two tables have a row for every job there ever was.
template <class Row>
void for_each_raw_row(SQLite::Database& database, const char* sql, Row&& row) {
  sqlite3_stmt* prepared = nullptr;
  int code = sqlite3_prepare_v2(database.getHandle(), sql, -1, &prepared, nullptr);
  const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(prepared, &sqlite3_finalize);
  if (code != SQLITE_OK) throw SQLite::Exception(database.getHandle(), code);
  while ((code = sqlite3_step(prepared)) == SQLITE_ROW)
    row(prepared);
  if (code != SQLITE_DONE) throw SQLite::Exception(database.getHandle(), code);
}

std::string_view text_of(sqlite3_stmt* row, int column) {
  const void* text = sqlite3_column_blob(row, column);
  return {static_cast<const char*>(text), static_cast<std::size_t>(sqlite3_column_bytes(row, column))};
}

// In one pass over the table: a long-lived database holds little else.
void load_done(SQLite::Database& database, scheduler::Restored& restored) {
  Kinds kinds(restored.kinds);
  for_each_raw_row(database,
                   "SELECT key, kind, attempt, tries, losses, preemptions FROM jobs WHERE +rank = 5 ORDER BY number",
                   [&](sqlite3_stmt* row) {
                     restored.done.push_back({scheduler::parse_key(text_of(row, 0)), kinds.number_of(text_of(row, 1)),
                                              static_cast<std::uint32_t>(sqlite3_column_int64(row, 2)),
                                              static_cast<std::uint16_t>(sqlite3_column_int(row, 5)),
                                              static_cast<std::uint8_t>(sqlite3_column_int(row, 3)),
                                              static_cast<std::uint8_t>(sqlite3_column_int(row, 4))});
                   });
}

void load_open(SQLite::Database& database, scheduler::Restored& restored, std::int64_t utc_now) {
  for_each_row(database,
               "SELECT j.number, j.key, j.kind, j.state, j.attempt, j.tries, COALESCE(j.worker, ''), "
               "COALESCE(a.state = 'running', 0), j.losses, j.preemptions, j.retry_at, a.started_at, "
               "json_extract(j.hints, '$.placement') FROM jobs j "
               "LEFT JOIN attempts a ON a.job = j.number AND a.number = j.attempt AND j.rank = 1 "
               "WHERE j.rank < 5 ORDER BY j.number",
               [&](SQLite::Statement& row) {
                 scheduler::RestoredJob job;
                 job.done_before =
                     static_cast<std::uint32_t>(row.getColumn(0).getInt64() - 1 - std::ssize(restored.jobs));
                 job.job.key = scheduler::parse_key(row.getColumn(1).getString());
                 job.job.kind = row.getColumn(2).getString();
                 job.state = scheduler::job_state_from(row.getColumn(3).getString());
                 job.attempt = row.getColumn(4).getUInt();
                 job.tries = row.getColumn(5).getUInt();
                 job.worker = row.getColumn(6).getString();
                 job.started = row.getColumn(7).getInt() != 0;
                 job.losses = row.getColumn(8).getUInt();
                 job.preemptions = row.getColumn(9).getUInt();
                 if (job.state == scheduler::JobState::queued) job.rest = left_until(row.getColumn(10), utc_now);
                 if (job.started) job.ran_for = std::max<std::int64_t>(utc_now - row.getColumn(11).getInt64(), 0);
                 if (!row.getColumn(12).isNull())
                   job.job.placement = placement_from(Json::parse(row.getColumn(12).getString()));
                 restored.jobs.push_back(std::move(job));
               });
}

void load_jobs(SQLite::Database& database, scheduler::Restored& restored, std::int64_t utc_now) {
  const std::int64_t last = database.execAndGet("SELECT COALESCE(MAX(number), 0) FROM jobs").getInt64();
  load_open(database, restored, utc_now);
  const auto most = static_cast<std::size_t>(last);
  restored.done.reserve(most - std::min(restored.jobs.size(), most));
  load_done(database, restored);
  expect_no_gap(last, restored.jobs.size() + restored.done.size(), "jobs");
}

// `number` as the database counts.
scheduler::JobIndex index_of(std::int64_t number, const scheduler::Restored& restored) {
  const auto jobs = static_cast<std::int64_t>(restored.jobs.size() + restored.done.size());
  if (number >= 1 && number <= jobs) return static_cast<scheduler::JobIndex>(number - 1);
  throw Error(ErrorCode::invalid_data,
              "the database speaks of job number " + std::to_string(number) + " of " + std::to_string(jobs), kRepair);
}

void load_gangs(SQLite::Database& database, scheduler::Restored& restored) {
  auto gangs = load_ranks(database);
  for (std::size_t i = 0; i < restored.jobs.size() && !gangs.empty(); ++i) {
    const auto number = static_cast<std::int64_t>(restored.jobs[i].done_before + i + 1);
    if (auto ranks = gangs.extract(number)) restored.jobs[i].ranks = std::move(ranks.mapped());
  }
}

void load_inputs(SQLite::Database& database, scheduler::Restored& restored) {
  for_each_row(database, "SELECT job, input FROM job_inputs ORDER BY job, role", [&](SQLite::Statement& row) {
    restored.inputs.push_back(
        {index_of(row.getColumn(0).getInt64(), restored), index_of(row.getColumn(1).getInt64(), restored)});
  });
}

scheduler::StudyOrder order_of(SQLite::Statement& row, int column, scheduler::Millis now, std::int64_t utc_now) {
  scheduler::StudyOrder order{static_cast<std::int16_t>(row.getColumn(column).getInt()), scheduler::kNever,
                              row.getColumn(column + 2).getString()};
  if (!row.getColumn(column + 1).isNull()) order.deadline = now + row.getColumn(column + 1).getInt64() - utc_now;
  return order;
}

// The latest ones; those that went long ago need not be known by name.
void load_workers(SQLite::Database& database, scheduler::Restored& restored, std::int64_t utc_now) {
  for_each_row(
      database,
      "SELECT id, name, draining, quarantined_until, quarantines FROM workers ORDER BY last_seen_at DESC LIMIT 1000",
      [&](SQLite::Statement& row) {
        restored.workers.push_back({row.getColumn(0).getString(), row.getColumn(1).getString(),
                                    row.getColumn(2).getInt() != 0, left_until(row.getColumn(3), utc_now),
                                    row.getColumn(4).getUInt()});
      });
  for_each_row(database, "SELECT worker FROM cordons",
               [&](SQLite::Statement& row) { restored.cordons.push_back(row.getColumn(0).getString()); });
}

void load_studies(SQLite::Database& database, scheduler::Restored& restored, std::int64_t utc_now) {
  std::int64_t last = 0;
  for_each_row(database,
               "SELECT number, id, state, priority, deadline, owner, paused, COALESCE(code, '') FROM studies "
               "ORDER BY number",
               [&](SQLite::Statement& row) {
                 last = row.getColumn(0).getInt64();
                 restored.studies.push_back({row.getColumn(1).getString(),
                                             scheduler::study_state_from(row.getColumn(2).getString()),
                                             {},
                                             order_of(row, 3, restored.now, utc_now),
                                             row.getColumn(6).getInt() != 0,
                                             row.getColumn(7).getString()});
               });
  expect_no_gap(last, restored.studies.size(), "studies");
  for_each_raw_row(database, "SELECT study, job FROM study_jobs ORDER BY study, job", [&](sqlite3_stmt* row) {
    const auto study = static_cast<std::size_t>(sqlite3_column_int64(row, 0) - 1);
    restored.studies.at(study).jobs.push_back(index_of(sqlite3_column_int64(row, 1), restored));
  });
}

}  // namespace

scheduler::Restored load_scheduler_state(SQLite::Database& database, scheduler::Millis now, std::int64_t utc_now) {
  scheduler::Restored restored;
  restored.now = now;
  load_jobs(database, restored, utc_now);
  load_inputs(database, restored);
  load_gangs(database, restored);
  load_studies(database, restored, utc_now);
  load_workers(database, restored, utc_now);
  return restored;
}

std::map<std::string, std::string> load_study_names(SQLite::Database& database) {
  std::map<std::string, std::string> names;
  for_each_row(database, "SELECT name, id FROM studies ORDER BY number",
               [&](SQLite::Statement& row) { names[row.getColumn(0).getString()] = row.getColumn(1).getString(); });
  return names;
}

}  // namespace checkerlab::coordinator
