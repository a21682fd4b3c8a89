#include "coordinator/store/study_rows.hpp"

#include "coordinator/store/sql.hpp"
#include "coordinator/store/stage_rows.hpp"

namespace checkerlab::coordinator {

void insert_study(SQLite::Database& database, const StudyRow& study, std::int64_t now) {
  execute(
      database,
      "INSERT INTO studies (number, id, name, title, definition, filename, overrides, state, jobs_total, points_total, "
      "created_at, priority, deadline, owner) VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?)",
      study.number, study.id, study.name, study.title, study.definition, study.filename, Json(study.overrides).dump(),
      study.jobs_total, study.points_total, now, study.order.priority, study.order.deadline, study.order.owner);
}

void insert_jobs(SQLite::Database& database, const std::vector<NewJobRow>& jobs, std::int64_t now) {
  PreparedStatement job(database,
                        "INSERT INTO jobs (number, key, kind, label, spec, hints, state, created_at, changed_at, "
                        "queued_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9)");
  PreparedStatement input(database, "INSERT INTO job_inputs (job, role, input) VALUES (?, ?, ?)");
  for (const NewJobRow& row : jobs) {
    execute_again(*job, row.number, row.job->key.str(), row.job->kind, row.job->label, row.job->spec.dump(),
                  row.job->hints.dump(), std::string(row.queued ? "queued" : "blocked"), now,
                  row.queued ? std::optional(now) : std::nullopt);
    for (std::size_t i = 0; i < row.inputs.size(); ++i) {
      execute_again(*input, row.number, row.job->inputs[i].role, row.inputs[i]);
    }
  }
}

void link_jobs(SQLite::Database& database, std::int64_t study, const std::vector<std::int64_t>& jobs) {
  execute(database, "INSERT INTO study_jobs (study, job) SELECT ?1, value FROM json_each(?2)", study,
          Json(jobs).dump());
  count_linked(database, study, jobs);
}

void insert_points(SQLite::Database& database, std::int64_t study, const std::vector<PointRow>& points) {
  PreparedStatement insert(database,
                           "INSERT INTO points (study, score_job, position, model_job, ratio, ratio_value, sizes, "
                           "steps_per_scale, total_steps, guidance, guidance_start_step, seed, samples) "
                           "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const PointRow& row : points) {
    const sweeps::Point& point = *row.point;
    execute_again(*insert, study, row.score_job, row.position, row.model_job, point.ratio, point.ratio_value,
                  Json(point.sizes).dump(), std::int64_t{point.steps_per_scale}, std::int64_t{point.total_steps},
                  point.guidance, std::int64_t{point.guidance_start_step}, point.seed, point.samples);
  }
}

void set_study_order(SQLite::Database& database, std::int64_t study, const StudyOrderRow& order) {
  execute(database, "UPDATE studies SET priority = ?2, deadline = ?3, owner = ?4 WHERE number = ?1", study,
          order.priority, order.deadline, order.owner);
}

void set_study_state(SQLite::Database& database, std::int64_t study, const std::string& state, std::int64_t now) {
  execute(
      database,
      "UPDATE studies SET state = ?2, finished_at = CASE WHEN ?2 IN ('succeeded', 'failed', 'cancelled') THEN ?3 END "
      "WHERE number = ?1",
      study, state, now);
}

}  // namespace checkerlab::coordinator
