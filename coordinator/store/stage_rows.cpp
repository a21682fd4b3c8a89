#include "coordinator/store/stage_rows.hpp"

#include <optional>

#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {

void change_stage(SQLite::Database& database, std::int64_t study, const std::string& kind, const StageChange& change,
                  std::int64_t now) {
  const auto& by = change.by_state;
  execute(database,
          "UPDATE study_stages SET blocked = blocked + ?3, queued = queued + ?4, running = running + ?5, "
          "succeeded = succeeded + ?6, failed = failed + ?7, cancelled = cancelled + ?8, "
          "first_started_at = COALESCE(first_started_at, ?9), last_finished_at = COALESCE(?10, last_finished_at) "
          "WHERE study = ?1 AND kind = ?2",
          study, kind, by[0], by[1], by[2], by[3], by[4], by[5], change.started ? std::optional(now) : std::nullopt,
          change.finished ? std::optional(now) : std::nullopt);
}

void count_linked(SQLite::Database& database, std::int64_t study, const std::vector<std::int64_t>& jobs) {
  execute(database,
          "INSERT INTO study_stages (study, kind, position, total, known, blocked, queued, running, succeeded, failed, "
          "cancelled) SELECT ?1, kind, MIN(number), COUNT(*), SUM(state = 'succeeded'), SUM(state = 'blocked'), "
          "SUM(state = 'queued'), SUM(state = 'running'), SUM(state = 'succeeded'), SUM(state = 'failed'), "
          "SUM(state = 'cancelled') FROM json_each(?2) CROSS JOIN jobs ON number = value GROUP BY kind "
          "ON CONFLICT (study, kind) DO UPDATE SET total = total + excluded.total, known = known + excluded.known, "
          "blocked = blocked + excluded.blocked, queued = queued + excluded.queued, "
          "running = running + excluded.running, succeeded = succeeded + excluded.succeeded, "
          "failed = failed + excluded.failed, cancelled = cancelled + excluded.cancelled",
          study, Json(jobs).dump());
}

}  // namespace checkerlab::coordinator
