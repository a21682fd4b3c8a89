#include <algorithm>
#include <array>
#include <map>

#include "base/error.hpp"
#include "coordinator/store/documents.hpp"
#include "coordinator/store/sql.hpp"
#include "coordinator/store/study_notice.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr std::array<const char*, 6> kStates{"blocked", "queued", "running", "succeeded", "failed", "cancelled"};

struct Stage {
  std::string kind;
  std::int64_t total = 0;
  std::int64_t known = 0;
  std::array<std::int64_t, kStates.size()> counts{};  // as kStates
  std::optional<std::int64_t> first_started_at;
  std::optional<std::int64_t> last_finished_at;
  double running_work = 0;  // what running jobs have done, in jobs

  std::int64_t running() const { return counts[2]; }
  std::int64_t done() const { return counts[3]; }
};

std::vector<Stage> load_stages(SQLite::Database& database, std::int64_t study) {
  std::vector<Stage> stages;
  for_each_row(
      database,
      "SELECT kind, total, known, first_started_at, last_finished_at, blocked, queued, running, succeeded, failed, "
      "cancelled "
      "FROM study_stages WHERE study = ? ORDER BY position",
      [&](SQLite::Statement& row) {
        Stage stage;
        stage.kind = row.getColumn(0).getString();
        stage.total = row.getColumn(1).getInt64();
        stage.known = row.getColumn(2).getInt64();
        if (!row.getColumn(3).isNull()) stage.first_started_at = row.getColumn(3).getInt64();
        if (!row.getColumn(4).isNull()) stage.last_finished_at = row.getColumn(4).getInt64();
        for (std::size_t i = 0; i < kStates.size(); ++i)
          stage.counts[i] = row.getColumn(5 + static_cast<int>(i)).getInt64();
        stages.push_back(stage);
      },
      study);
  return stages;
}

double fraction(const Json& progress) {
  const double total = progress.value("total", 0.0);
  return total > 0 ? std::clamp(progress.value("done", 0.0) / total, 0.0, 1.0) : 0.0;
}

// Few jobs run at a time: rank 1 are the running ones. CROSS JOIN keeps the order: a study may have a million jobs.
void add_running_work(SQLite::Database& database, std::int64_t study, std::vector<Stage>& stages) {
  std::map<std::string, double> work;
  for_each_row(
      database,
      "SELECT j.kind, j.progress FROM jobs j CROSS JOIN study_jobs sj ON sj.job = j.number AND sj.study = ? "
      "WHERE j.rank = 1 AND j.progress IS NOT NULL",
      [&](SQLite::Statement& row) {
        work[row.getColumn(0).getString()] += fraction(Json::parse(row.getColumn(1).getString()));
      },
      study);
  for (Stage& stage : stages)
    stage.running_work = work[stage.kind];
}

// Jobs per second since the stage began, or null before there is anything to tell.
Json rate_of(const Stage& stage, std::int64_t now) {
  const double work = static_cast<double>(std::max<std::int64_t>(stage.done() - stage.known, 0)) + stage.running_work;
  if (!stage.first_started_at || work <= 0) return nullptr;
  const bool resting = stage.running() == 0 && stage.last_finished_at;
  const std::int64_t elapsed = (resting ? *stage.last_finished_at : now) - *stage.first_started_at;
  if (elapsed <= 0) return nullptr;
  return work * 1000.0 / static_cast<double>(elapsed);
}

Json stage_document(const Stage& stage, std::int64_t now) {
  const Json rate = rate_of(stage, now);
  const std::int64_t open = stage.counts[0] + stage.counts[1] + stage.counts[2];
  Json eta = nullptr;
  if (rate.is_number()) eta = (static_cast<double>(open) - stage.running_work) / rate.get<double>();
  return {{"kind", stage.kind},         {"total", stage.total},    {"done", stage.done()}, {"failed", stage.counts[4]},
          {"running", stage.running()}, {"rate_per_second", rate}, {"eta_seconds", eta}};
}

Json count_jobs(const std::vector<Stage>& stages) {
  Json counts{{"total", std::int64_t{0}}};
  for (const char* state : kStates)
    counts[state] = std::int64_t{0};
  for (const Stage& stage : stages) {
    counts["total"] = counts["total"].get<std::int64_t>() + stage.total;
    for (std::size_t i = 0; i < kStates.size(); ++i) {
      counts[kStates[i]] = counts[kStates[i]].get<std::int64_t>() + stage.counts[i];
    }
  }
  return counts;
}

// Scores that are no points: a search's, with few images.
std::int64_t screens_done(SQLite::Database& database, std::int64_t study) {
  std::int64_t done = 0;
  for_each_row(
      database,
      "SELECT COUNT(*) FROM guidance_values v JOIN jobs j ON j.number = v.screen_job AND j.state = 'succeeded' "
      "WHERE v.study = ?",
      [&](SQLite::Statement& row) { done = row.getColumn(0).getInt64(); }, study);
  return done;
}

}  // namespace

std::int64_t find_study(SQLite::Database& database, const std::string& id_or_name) {
  std::optional<std::int64_t> number;
  for_each_row(
      database, "SELECT number FROM studies WHERE id = ?1 OR name = ?1 ORDER BY id = ?1 DESC, number DESC LIMIT 1",
      [&](SQLite::Statement& row) { number = row.getColumn(0).getInt64(); }, id_or_name);
  if (!number) {
    throw Error(ErrorCode::not_found, "no study has the id or name '" + id_or_name + "'",
                "`checkerlab status` lists the studies.");
  }
  return *number;
}

Json study_document(SQLite::Database& database, std::int64_t study, std::int64_t now) {
  std::vector<Stage> stages = load_stages(database, study);
  add_running_work(database, study, stages);
  Json document;
  for_each_row(
      database,
      "SELECT id, name, title, state, created_at, finished_at, points_total, revision, code, paused, archived_at, "
      "priority, deadline, owner FROM studies WHERE number = ?",
      [&](SQLite::Statement& row) {
        document = {{"id", row.getColumn(0).getString()},
                    {"name", row.getColumn(1).getString()},
                    {"title", row.getColumn(2).getString()},
                    {"state", row.getColumn(3).getString()},
                    {"created_at", time_text(row.getColumn(4).getInt64())},
                    {"finished_at", time_or_null(row.getColumn(5))},
                    {"points", {{"total", row.getColumn(6).getInt64()}, {"done", 0}}},
                    {"revision", row.getColumn(7).getInt64()},
                    {"code", text_or_null(row.getColumn(8))},
                    {"paused", row.getColumn(9).getInt() != 0},
                    {"archived_at", time_or_null(row.getColumn(10))},
                    {"priority", row.getColumn(11).getInt64()},
                    {"deadline", time_or_null(row.getColumn(12))},
                    {"owner", row.getColumn(13).getString()}};
      },
      study);
  document["jobs"] = count_jobs(stages);
  document["stages"] = Json::array();
  for (const Stage& stage : stages) {
    document["stages"].push_back(stage_document(stage, now));
    if (stage.kind == "score_point") document["points"]["done"] = stage.done() - screens_done(database, study);
  }
  document["notice"] = study_notice(database, document);
  return document;
}

}  // namespace checkerlab::coordinator
