#include "coordinator/store/job_rows.hpp"

#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {

void set_job_state(SQLite::Database& database, std::int64_t job, const std::string& state, std::int64_t now,
                   std::optional<std::int64_t> started_at) {
  if (state == "succeeded") {  // the most frequent, and the simplest
    execute(database,
            "UPDATE jobs SET state = 'succeeded', changed_at = ?2, finished_at = ?2, "
            "started_at = COALESCE(?3, started_at, ?2), error = NULL, doomed = 0, retry_at = NULL WHERE number = ?1",
            job, now, started_at);
    return;
  }
  execute(database,
          "UPDATE jobs SET state = ?2, changed_at = ?3, queued_at = CASE ?2 WHEN 'queued' THEN ?3 ELSE queued_at END, "
          "finished_at = CASE WHEN ?2 IN ('failed', 'cancelled') THEN ?3 END, "
          "started_at = CASE WHEN ?2 IN ('blocked', 'queued') THEN NULL ELSE COALESCE(?4, started_at) END, "
          "progress = CASE WHEN ?2 IN ('failed', 'cancelled') THEN progress END, "
          "error = CASE WHEN ?2 = 'failed' THEN error END, doomed = 0, retry_at = NULL, "
          "tries = CASE WHEN ?2 IN ('blocked', 'queued') AND state IN ('failed', 'cancelled') THEN 0 ELSE tries END, "
          "losses = CASE WHEN ?2 IN ('blocked', 'queued') AND state IN ('failed', 'cancelled') THEN 0 ELSE losses END "
          "WHERE number = ?1",
          job, state, now, started_at);
}

void set_job_error(SQLite::Database& database, std::int64_t job, const Json& error) {
  execute(database, "UPDATE jobs SET error = ? WHERE number = ?", error.dump(), job);
}

void doom_job(SQLite::Database& database, std::int64_t job, std::int64_t input) {
  std::string label;
  for_each_row(
      database, "SELECT label, kind, doomed, state FROM jobs WHERE number = ?",
      [&](SQLite::Statement& row) {
        label = row.getColumn(0).getString().empty() ? row.getColumn(1).getString() : row.getColumn(0).getString();
        label += row.getColumn(2).getInt() != 0 ? " cannot run" : " " + row.getColumn(3).getString();
      },
      input);
  const Json error{{"code", "input_failed"},
                   {"message", "input " + label},
                   {"fix", "Look at that job's error; submitting the study again tries it again."}};
  execute(database, "UPDATE jobs SET doomed = 1, error = ? WHERE number = ?", error.dump(), job);
}

void revive_job(SQLite::Database& database, std::int64_t job) {
  execute(database, "UPDATE jobs SET doomed = 0, error = NULL WHERE number = ?", job);
}

void set_progress(SQLite::Database& database, std::int64_t job, const Json& progress) {
  execute(database, "UPDATE jobs SET progress = ? WHERE number = ?", progress.dump(), job);
}

std::int64_t insert_attempt(SQLite::Database& database, std::int64_t job, std::int64_t number,
                            const std::string& worker, std::int64_t now) {
  std::int64_t ready = now;
  for_each_row(
      database, "SELECT COALESCE(queued_at, created_at) FROM jobs WHERE number = ?",
      [&](SQLite::Statement& row) { ready = row.getColumn(0).getInt64(); }, job);
  execute(database,
          "UPDATE jobs SET state = 'running', attempt = ?2, worker = ?3, changed_at = ?4, finished_at = NULL, "
          "progress = NULL, error = NULL, doomed = 0, retry_at = NULL WHERE number = ?1",
          job, number, worker, now);
  execute(
      database,
      "INSERT INTO attempts (job, number, worker, state, assigned_at, queued_at) VALUES (?, ?, ?, 'assigned', ?, ?)",
      job, number, worker, now, ready);
  return ready;
}

void begin_attempt(SQLite::Database& database, std::int64_t job, std::int64_t number, std::int64_t started_at) {
  execute(database, "UPDATE attempts SET state = 'running', started_at = ? WHERE job = ? AND number = ?", started_at,
          job, number);
  execute(database, "UPDATE jobs SET started_at = ? WHERE number = ?", started_at, job);
}

void set_fetched(SQLite::Database& database, std::int64_t job, std::int64_t number, std::int64_t at) {
  execute(database,
          "UPDATE attempts SET fetched_at = MAX(assigned_at, ?) WHERE job = ? AND number = ? AND fetched_at IS NULL",
          at, job, number);
}

void end_attempt(SQLite::Database& database, std::int64_t job, std::int64_t number, const std::string& state,
                 const Json& error, const AttemptCounts& counts, std::int64_t now,
                 std::optional<std::int64_t> started_at) {
  const auto text = error.is_null() ? std::nullopt : std::optional<std::string>(error.dump());
  execute(database,
          "UPDATE attempts SET state = ?1, ended_at = ?2, error = ?3, started_at = COALESCE(?4, started_at, "
          "CASE ?1 WHEN 'succeeded' THEN ?2 END) WHERE job = ?5 AND number = ?6",
          state, now, text, started_at, job, number);
  if (state == "succeeded") return;  // which counts for nothing
  execute(database, "UPDATE jobs SET tries = ?, losses = ?, preemptions = ? WHERE number = ?", counts.tries,
          counts.losses, counts.preemptions, job);
}

void set_retry_time(SQLite::Database& database, std::int64_t job, std::optional<std::int64_t> at) {
  execute(database, "UPDATE jobs SET retry_at = ? WHERE number = ?", at, job);
}

namespace {

std::map<std::string, double> metrics_of(const std::string& result) {
  return Json::parse(result).at("metrics").get<std::map<std::string, double>>();
}

std::map<std::string, rpc::JobInput> load_inputs(SQLite::Database& database, std::int64_t job) {
  std::map<std::string, rpc::JobInput> inputs;
  for_each_row(
      database,
      "SELECT i.role, j.key, r.result FROM job_inputs i JOIN jobs j ON j.number = i.input "
      "JOIN results r ON r.job = i.input WHERE i.job = ?",
      [&](SQLite::Statement& row) {
        inputs[row.getColumn(0).getString()] = {
            JobKey(row.getColumn(1).getString()), {}, metrics_of(row.getColumn(2).getString())};
      },
      job);
  for_each_row(
      database,
      "SELECT i.role, a.name, a.sha256, b.bytes FROM job_inputs i JOIN job_artifacts a ON a.job = i.input "
      "JOIN artifacts b ON b.sha256 = a.sha256 WHERE i.job = ?",
      [&](SQLite::Statement& row) {
        inputs[row.getColumn(0).getString()].artifacts[row.getColumn(1).getString()] = {
            row.getColumn(2).getString(), static_cast<std::uint64_t>(row.getColumn(3).getInt64())};
      },
      job);
  return inputs;
}

}  // namespace

rpc::Assignment load_assignment(SQLite::Database& database, std::int64_t job, std::uint32_t number, bool has_inputs) {
  rpc::Assignment assignment;
  for_each_row(
      database, "SELECT key, spec, hints FROM jobs WHERE number = ?",
      [&](SQLite::Statement& row) {
        assignment.attempt = {JobKey(row.getColumn(0).getString()), AttemptNumber{number}};
        assignment.spec_text = row.getColumn(1).getString();
        assignment.hints_text = row.getColumn(2).getString();
      },
      job);
  if (has_inputs) assignment.inputs = load_inputs(database, job);
  if (number == 1) return assignment;  // nobody can have left a checkpoint
  for_each_row(
      database, "SELECT sha256, bytes, step FROM checkpoints WHERE job = ?",
      [&](SQLite::Statement& row) {
        assignment.checkpoint =
            rpc::CheckpointRef{row.getColumn(0).getString(), static_cast<std::uint64_t>(row.getColumn(1).getInt64()),
                               row.getColumn(2).getInt64()};
      },
      job);
  return assignment;
}

}  // namespace checkerlab::coordinator
