#include "coordinator/store/restore_rows.hpp"

#include "base/error.hpp"
#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

void expect_next(std::int64_t number, std::size_t known, const char* what) {
  if (number == static_cast<std::int64_t>(known) + 1) return;
  throw Error(ErrorCode::invalid_data,
              std::string("the database misses ") + what + " number " + std::to_string(known + 1),
              "It was changed by hand or is damaged: restore it from a copy.");
}

void load_jobs(SQLite::Database& database, scheduler::Restored& restored) {
  for_each_row(database,
               "SELECT j.number, j.key, j.kind, j.state, j.attempt, j.tries, COALESCE(j.worker, ''), "
               "COALESCE(a.state = 'running', 0) FROM jobs j "
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
                 restored.jobs.push_back(std::move(job));
               });
}

void load_inputs(SQLite::Database& database, scheduler::Restored& restored) {
  for_each_row(database, "SELECT job, input FROM job_inputs ORDER BY job, role", [&](SQLite::Statement& row) {
    const auto job = static_cast<std::size_t>(row.getColumn(0).getInt64() - 1);
    const auto input = static_cast<std::size_t>(row.getColumn(1).getInt64() - 1);
    restored.jobs.at(job).job.inputs.push_back(restored.jobs.at(input).job.key);
  });
}

void load_studies(SQLite::Database& database, scheduler::Restored& restored) {
  for_each_row(database, "SELECT number, id, state, paused, COALESCE(code, '') FROM studies ORDER BY number",
               [&](SQLite::Statement& row) {
                 expect_next(row.getColumn(0).getInt64(), restored.studies.size(), "study");
                 restored.studies.push_back({row.getColumn(1).getString(),
                                             scheduler::study_state_from(row.getColumn(2).getString()),
                                             {},
                                             row.getColumn(3).getInt() != 0,
                                             row.getColumn(4).getString()});
               });
  for_each_row(database, "SELECT study, job FROM study_jobs ORDER BY study, job", [&](SQLite::Statement& row) {
    const auto study = static_cast<std::size_t>(row.getColumn(0).getInt64() - 1);
    const auto job = static_cast<std::size_t>(row.getColumn(1).getInt64() - 1);
    restored.studies.at(study).jobs.push_back(restored.jobs.at(job).job.key);
  });
}

}  // namespace

scheduler::Restored load_scheduler_state(SQLite::Database& database, scheduler::Millis now) {
  scheduler::Restored restored;
  restored.now = now;
  load_jobs(database, restored);
  load_inputs(database, restored);
  load_studies(database, restored);
  return restored;
}

std::map<std::string, std::string> load_study_names(SQLite::Database& database) {
  std::map<std::string, std::string> names;
  for_each_row(database, "SELECT name, id FROM studies ORDER BY number",
               [&](SQLite::Statement& row) { names[row.getColumn(0).getString()] = row.getColumn(1).getString(); });
  return names;
}

}  // namespace checkerlab::coordinator
