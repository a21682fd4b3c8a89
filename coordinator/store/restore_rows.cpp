#include "coordinator/store/restore_rows.hpp"

#include <algorithm>
#include <future>

#include "base/error.hpp"
#include "coordinator/store/done_jobs.hpp"
#include "coordinator/store/placement_json.hpp"
#include "coordinator/store/rank_rows.hpp"
#include "coordinator/store/raw_rows.hpp"
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

// What is left of a rest. One that ended in between ends at once, and what ends with it is written then.
scheduler::Millis rest_left(const SQLite::Column& retry_at, std::int64_t utc_now) {
  return retry_at.isNull() ? 0 : std::max<scheduler::Millis>(left_until(retry_at, utc_now), 1);
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
                 if (job.state == scheduler::JobState::queued) job.rest = rest_left(row.getColumn(10), utc_now);
                 if (job.started) job.ran_for = std::max<std::int64_t>(utc_now - row.getColumn(11).getInt64(), 0);
                 if (!row.getColumn(12).isNull())
                   job.job.placement = placement_from(Json::parse(row.getColumn(12).getString()));
                 restored.jobs.push_back(std::move(job));
               });
}

// `number` as the database counts, of so many jobs.
scheduler::JobIndex index_of(std::int64_t number, std::int64_t jobs) {
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

void load_inputs(SQLite::Database& database, scheduler::Restored& restored, std::int64_t jobs) {
  for_each_row(database, "SELECT job, input FROM job_inputs ORDER BY job, role", [&](SQLite::Statement& row) {
    restored.inputs.push_back(
        {index_of(row.getColumn(0).getInt64(), jobs), index_of(row.getColumn(1).getInt64(), jobs)});
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

void load_studies(SQLite::Database& database, scheduler::Restored& restored, std::int64_t utc_now, std::int64_t jobs) {
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
    restored.studies.at(study).jobs.push_back(index_of(sqlite3_column_int64(row, 1), jobs));
  });
}

// What is not about single finished jobs.
void load_the_rest(SQLite::Database& database, scheduler::Restored& restored, std::int64_t utc_now, std::int64_t jobs) {
  load_open(database, restored, utc_now);
  load_inputs(database, restored, jobs);
  load_gangs(database, restored);
  load_studies(database, restored, utc_now, jobs);
  load_workers(database, restored, utc_now);
}

}  // namespace

scheduler::Restored load_scheduler_state(const Store& store, scheduler::Millis now, std::int64_t utc_now) {
  constexpr std::int64_t kMany = 100'000;  // from so many on a second thread is worth its while
  const std::int64_t jobs = store.read([](SQLite::Database& database) {
    return database.execAndGet("SELECT COALESCE(MAX(number), 0) FROM jobs").getInt64();
  });
  const std::int64_t middle = jobs < kMany ? 0 : jobs * 2 / 3;
  const auto read_done = [&store](std::int64_t after, std::int64_t last) {
    return store.read([&](SQLite::Database& database) { return read_done_jobs(database, after, last); });
  };
  std::future<DoneJobs> first;
  if (middle > 0) first = std::async(std::launch::async, read_done, 0, middle);
  scheduler::Restored restored;
  restored.now = now;
  store.read([&](SQLite::Database& database) { load_the_rest(database, restored, utc_now, jobs); });
  DoneJobs later = read_done(middle, jobs);
  if (middle > 0) append_done_jobs(first.get(), restored);
  append_done_jobs(std::move(later), restored);
  expect_no_gap(jobs, restored.jobs.size() + restored.done.size(), "jobs");
  return restored;
}

std::map<std::string, std::string> load_study_names(SQLite::Database& database) {
  std::map<std::string, std::string> names;
  for_each_row(database, "SELECT name, id FROM studies ORDER BY number",
               [&](SQLite::Statement& row) { names[row.getColumn(0).getString()] = row.getColumn(1).getString(); });
  return names;
}

}  // namespace checkerlab::coordinator
