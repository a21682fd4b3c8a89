#include "coordinator/store/telemetry_rows.hpp"

#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

// Cutting old rows costs a search: not at every event.
constexpr std::int64_t kPruneEvery = 256;

std::int64_t last_seq(SQLite::Database& database, std::int64_t job) {
  std::int64_t last = 0;
  for_each_row(
      database, "SELECT COALESCE(MAX(seq), 0) FROM logs WHERE job = ?",
      [&](SQLite::Statement& row) { last = row.getColumn(0).getInt64(); }, job);
  return last;
}

}  // namespace

bool is_attempt_of(SQLite::Database& database, std::int64_t job, std::int64_t attempt, const std::string& worker) {
  bool found = false;
  for_each_row(
      database,
      "SELECT 1 FROM attempts WHERE job = ?1 AND number = ?2 AND worker = ?3 "
      "UNION ALL SELECT 1 FROM attempt_ranks WHERE job = ?1 AND attempt = ?2 AND worker = ?3",
      [&](SQLite::Statement&) { found = true; }, job, attempt, worker);
  return found;
}

Json append_log(SQLite::Database& database, std::int64_t job, std::int64_t attempt,
                const std::vector<rpc::LogLine>& lines, std::int64_t keep) {
  std::int64_t seq = last_seq(database, job);
  PreparedStatement insert(database,
                           "INSERT INTO logs (job, seq, attempt, time, level, text) VALUES (?, ?, ?, ?, ?, ?)");
  Json shown = Json::array();
  for (const rpc::LogLine& line : lines) {
    execute_again(*insert, job, ++seq, attempt, line.time, line.level, line.text);
    shown.push_back(
        {{"seq", seq}, {"attempt", attempt}, {"time", line.time}, {"level", line.level}, {"text", line.text}});
  }
  execute(database,
          "DELETE FROM logs WHERE job = ?1 AND attempt = ?2 AND seq <= "
          "(SELECT seq FROM logs WHERE job = ?1 AND attempt = ?2 ORDER BY seq DESC LIMIT 1 OFFSET ?3)",
          job, attempt, keep);
  return shown;
}

void append_curve(SQLite::Database& database, std::int64_t job, std::int64_t attempt,
                  const std::vector<rpc::CurvePoint>& points) {
  PreparedStatement insert(database,
                           "INSERT OR REPLACE INTO curves (job, series, step, attempt, value) VALUES (?, ?, ?, ?, ?)");
  for (const rpc::CurvePoint& point : points) {
    execute_again(*insert, job, point.series, point.step, attempt, point.value);
  }
}

void save_checkpoint(SQLite::Database& database, std::int64_t job, const rpc::Checkpoint& checkpoint,
                     std::int64_t now) {
  execute(database,
          "INSERT OR REPLACE INTO checkpoints (job, attempt, step, name, sha256, bytes, recorded_at) "
          "VALUES (?, ?, ?, ?, ?, ?, ?)",
          job, std::int64_t{value_of(checkpoint.attempt.attempt)}, checkpoint.step, checkpoint.artifact.name,
          checkpoint.artifact.sha256, static_cast<std::int64_t>(checkpoint.artifact.bytes), now);
  execute(database,
          "INSERT OR REPLACE INTO checkpoint_history (job, attempt, step, sha256, bytes, recorded_at) "
          "VALUES (?, ?, ?, ?, ?, ?)",
          job, std::int64_t{value_of(checkpoint.attempt.attempt)}, checkpoint.step, checkpoint.artifact.sha256,
          static_cast<std::int64_t>(checkpoint.artifact.bytes), now);
}

void append_event(SQLite::Database& database, ServerEvent& event, std::int64_t keep, std::int64_t now) {
  execute(database, "INSERT INTO events (type, studies, data, created_at) VALUES (?, ?, ?, ?)", event.type,
          Json(event.studies).dump(), event.data.dump(), now);
  const std::int64_t id = database.getLastInsertRowid();
  event.id = static_cast<std::uint64_t>(id);
  if (id % kPruneEvery == 0) execute(database, "DELETE FROM events WHERE id <= ?", id - keep);
}

std::vector<std::string> studies_of_job(SQLite::Database& database, std::int64_t job) {
  std::vector<std::string> studies;
  for_each_row(
      database,
      "SELECT s.id FROM study_jobs sj JOIN studies s ON s.number = sj.study WHERE sj.job = ? ORDER BY s.number",
      [&](SQLite::Statement& row) { studies.push_back(row.getColumn(0).getString()); }, job);
  return studies;
}

}  // namespace checkerlab::coordinator
