#include "base/error.hpp"
#include "coordinator/store/documents.hpp"
#include "coordinator/store/rank_rows.hpp"
#include "coordinator/store/sql.hpp"
#include "coordinator/store/telemetry_rows.hpp"

namespace checkerlab::coordinator {
namespace {

Json attempts_of(SQLite::Database& database, std::int64_t job) {
  Json attempts = Json::array();
  for_each_row(
      database,
      "SELECT a.number, w.name, CASE a.state WHEN 'assigned' THEN 'running' ELSE a.state END, "
      "COALESCE(a.started_at, a.assigned_at), a.ended_at, a.error FROM attempts a JOIN workers w ON w.id = a.worker "
      "WHERE a.job = ? ORDER BY a.number",
      [&](SQLite::Statement& row) {
        attempts.push_back({{"number", row.getColumn(0).getInt64()},
                            {"worker", row.getColumn(1).getString()},
                            {"workers", rank_names(database, job, row.getColumn(0).getInt64())},
                            {"state", row.getColumn(2).getString()},
                            {"started_at", time_text(row.getColumn(3).getInt64())},
                            {"ended_at", time_or_null(row.getColumn(4))},
                            {"error", json_or_null(row.getColumn(5))}});
      },
      job);
  return attempts;
}

Json inputs_of(SQLite::Database& database, std::int64_t job) {
  Json inputs = Json::array();
  for_each_row(
      database,
      "SELECT i.role, j.key, j.kind, j.state FROM job_inputs i JOIN jobs j ON j.number = i.input WHERE i.job = ? "
      "ORDER BY i.role",
      [&](SQLite::Statement& row) {
        inputs.push_back({{"role", row.getColumn(0).getString()},
                          {"key", row.getColumn(1).getString()},
                          {"kind", row.getColumn(2).getString()},
                          {"state", row.getColumn(3).getString()}});
      },
      job);
  return inputs;
}

Json artifacts_of(SQLite::Database& database, std::int64_t job) {
  Json artifacts = Json::array();
  for_each_row(
      database,
      "SELECT a.name, a.sha256, b.bytes FROM job_artifacts a JOIN artifacts b ON b.sha256 = a.sha256 WHERE a.job = ? "
      "ORDER BY a.name",
      [&](SQLite::Statement& row) {
        artifacts.push_back({{"name", row.getColumn(0).getString()},
                             {"sha256", row.getColumn(1).getString()},
                             {"bytes", row.getColumn(2).getInt64()}});
      },
      job);
  return artifacts;
}

Json result_of(SQLite::Database& database, std::int64_t job) {
  Json result;
  for_each_row(
      database, "SELECT result FROM results WHERE job = ?",
      [&](SQLite::Statement& row) { result = Json::parse(row.getColumn(0).getString()); }, job);
  return result;
}

}  // namespace

std::int64_t find_job(SQLite::Database& database, const std::string& key) {
  std::optional<std::int64_t> number;
  for_each_row(
      database, "SELECT number FROM jobs WHERE key = ?",
      [&](SQLite::Statement& row) { number = row.getColumn(0).getInt64(); }, key);
  if (!number)
    throw Error(ErrorCode::not_found, "no job has the key '" + key + "'", "`checkerlab jobs` lists the jobs.");
  return *number;
}

Json job_document(SQLite::Database& database, std::int64_t job) {
  Json document;
  for_each_row(
      database,
      "SELECT j.key, j.kind, j.label, j.state, j.attempt, w.name, j.progress, j.error, j.created_at, j.started_at, "
      "j.finished_at, j.tries, j.losses, j.preemptions, j.retry_at FROM jobs j LEFT JOIN workers w ON w.id = j.worker "
      "WHERE j.number = ?",
      [&](SQLite::Statement& row) {
        document = {{"key", row.getColumn(0).getString()},
                    {"kind", row.getColumn(1).getString()},
                    {"label", row.getColumn(2).getString()},
                    {"state", row.getColumn(3).getString()},
                    {"attempts", row.getColumn(4).getInt64()},
                    {"worker", text_or_null(row.getColumn(5))},
                    {"workers", rank_names(database, job, row.getColumn(4).getInt64())},
                    {"progress", json_or_null(row.getColumn(6))},
                    {"error", json_or_null(row.getColumn(7))},
                    {"created_at", time_text(row.getColumn(8).getInt64())},
                    {"started_at", time_or_null(row.getColumn(9))},
                    {"finished_at", time_or_null(row.getColumn(10))},
                    {"crashes", row.getColumn(11).getInt64()},
                    {"losses", row.getColumn(12).getInt64()},
                    {"preemptions", row.getColumn(13).getInt64()},
                    {"retry_at", time_or_null(row.getColumn(14))}};
      },
      job);
  document["studies"] = studies_of_job(database, job);
  return document;
}

Json job_detail_document(SQLite::Database& database, std::int64_t job) {
  Json document = job_document(database, job);
  for_each_row(
      database, "SELECT spec, hints FROM jobs WHERE number = ?",
      [&](SQLite::Statement& row) {
        document["spec"] = Json::parse(row.getColumn(0).getString());
        document["hints"] = Json::parse(row.getColumn(1).getString());
      },
      job);
  document["inputs"] = inputs_of(database, job);
  document["attempts"] = attempts_of(database, job);
  document["result"] = result_of(database, job);
  document["artifacts"] = artifacts_of(database, job);
  return document;
}

namespace {

// Why the worker gets no work or little, in words; null when nothing holds it back.
Json reason_of(const std::string& state, std::int64_t quarantines) {
  if (state == "draining") return "ends what it has and takes nothing new";
  if (state == "cordoned") return "gets no work until `checkerlab workers uncordon`";
  if (state == "quarantined")
    return "jobs crashed there one after the other; it is tried again later, or after `checkerlab workers uncordon`";
  if (state == "online" && quarantines > 0) return "is tried with one job after a quarantine";
  return nullptr;
}

// What the worker was given: how much, and the first of it. Small jobs are given by the thousand, and the document goes
// to everyone who looks at a page.
void add_running(SQLite::Database& database, const std::string& id, Json& document) {
  constexpr std::int64_t kListed = 50;
  std::int64_t total = 0;
  document["running"] = Json::array();
  for_each_row(
      database,
      "SELECT number, key, kind FROM jobs WHERE rank = 1 AND worker = ?1 UNION "
      "SELECT j.number, j.key, j.kind FROM attempt_ranks r JOIN jobs j ON j.number = r.job AND j.attempt = r.attempt "
      "AND j.rank = 1 WHERE r.worker = ?1 AND r.ended_at IS NULL ORDER BY 1",
      [&](SQLite::Statement& row) {
        if (++total > kListed) return;
        document["running"].push_back({{"key", row.getColumn(1).getString()}, {"kind", row.getColumn(2).getString()}});
      },
      id);
  document["running_total"] = total;
}

}  // namespace

Json worker_document(SQLite::Database& database, const std::string& id) {
  Json document;
  for_each_row(
      database,
      "SELECT name, CASE WHEN state <> 'online' THEN state "
      "WHEN EXISTS (SELECT 1 FROM cordons WHERE worker IN (id, name)) THEN 'cordoned' "
      "WHEN quarantined_until IS NOT NULL THEN 'quarantined' ELSE state END, device, slots, version, connected_at, "
      "last_seen_at, labels, quarantines, quarantined_until, CASE state WHEN 'offline' THEN NULL ELSE load END "
      "FROM workers WHERE id = ?",
      [&](SQLite::Statement& row) {
        const std::string state = row.getColumn(1).getString();
        document = {{"id", id},
                    {"name", row.getColumn(0).getString()},
                    {"state", state},
                    {"reason", reason_of(state, row.getColumn(8).getInt64())},
                    {"until", state == "quarantined" ? time_or_null(row.getColumn(9)) : Json(nullptr)},
                    {"device", Json::parse(row.getColumn(2).getString())},
                    {"slots", row.getColumn(3).getInt64()},
                    {"labels", Json::parse(row.getColumn(7).getString())},
                    {"version", row.getColumn(4).getString()},
                    {"connected_at", time_text(row.getColumn(5).getInt64())},
                    {"last_seen_at", time_text(row.getColumn(6).getInt64())},
                    {"load", json_or_null(row.getColumn(10))}};
      },
      id);
  add_running(database, id, document);
  return document;
}

}  // namespace checkerlab::coordinator
