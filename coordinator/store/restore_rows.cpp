#include "coordinator/store/restore_rows.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "coordinator/store/placement_json.hpp"
#include "coordinator/store/rank_rows.hpp"
#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

void expect_next(std::int64_t number, std::size_t known, const char* what) {
  if (number == static_cast<std::int64_t>(known) + 1) return;
  throw Error(ErrorCode::invalid_data,
              std::string("the database misses ") + what + " number " + std::to_string(known + 1),
              "It was changed by hand or is damaged: restore it from a copy.");
}

// How much of the time until `column` is left.
scheduler::Millis left_until(const SQLite::Column& column, std::int64_t utc_now) {
  return column.isNull() ? 0 : std::max<scheduler::Millis>(column.getInt64() - utc_now, 0);
}

// Jobs that are done ask for nothing any more: their hints are not read.
void load_jobs(SQLite::Database& database, scheduler::Restored& restored, std::int64_t utc_now) {
  for_each_row(database,
               "SELECT j.number, j.key, j.kind, j.state, j.attempt, j.tries, COALESCE(j.worker, ''), "
               "COALESCE(a.state = 'running', 0), j.losses, j.preemptions, j.retry_at, a.started_at, "
               "CASE WHEN j.state <> 'succeeded' THEN json_extract(j.hints, '$.placement') END FROM jobs j "
               "LEFT JOIN attempts a ON a.job = j.number AND a.number = j.attempt AND j.rank = 1 ORDER BY j.number",
               [&](SQLite::Statement& row) {
                 expect_next(row.getColumn(0).getInt64(), restored.jobs.size(), "job");
                 scheduler::RestoredJob job;
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

void load_gangs(SQLite::Database& database, scheduler::Restored& restored) {
  for (auto& [job, ranks] : load_ranks(database))
    restored.jobs.at(static_cast<std::size_t>(job - 1)).ranks = std::move(ranks);
}

void load_inputs(SQLite::Database& database, scheduler::Restored& restored) {
  for_each_row(database, "SELECT job, input FROM job_inputs ORDER BY job, role", [&](SQLite::Statement& row) {
    const auto job = static_cast<std::size_t>(row.getColumn(0).getInt64() - 1);
    const auto input = static_cast<std::size_t>(row.getColumn(1).getInt64() - 1);
    restored.jobs.at(job).job.inputs.push_back(restored.jobs.at(input).job.key);
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
  for_each_row(database,
               "SELECT number, id, state, priority, deadline, owner, paused, COALESCE(code, '') FROM studies "
               "ORDER BY number",
               [&](SQLite::Statement& row) {
                 expect_next(row.getColumn(0).getInt64(), restored.studies.size(), "study");
                 restored.studies.push_back({row.getColumn(1).getString(),
                                             scheduler::study_state_from(row.getColumn(2).getString()),
                                             {},
                                             order_of(row, 3, restored.now, utc_now),
                                             row.getColumn(6).getInt() != 0,
                                             row.getColumn(7).getString()});
               });
  for_each_row(database, "SELECT study, job FROM study_jobs ORDER BY study, job", [&](SQLite::Statement& row) {
    const auto study = static_cast<std::size_t>(row.getColumn(0).getInt64() - 1);
    const auto job = static_cast<std::size_t>(row.getColumn(1).getInt64() - 1);
    restored.studies.at(study).jobs.push_back(restored.jobs.at(job).job.key);
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
