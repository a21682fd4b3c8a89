#include "coordinator/store/revision_rows.hpp"

#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::int64_t count(const std::vector<std::int64_t>& jobs) {
  return static_cast<std::int64_t>(jobs.size());
}

void insert_changes(SQLite::Database& database, const RevisionRow& revision) {
  PreparedStatement insert(database,
                           "INSERT INTO study_revision_jobs (study, revision, job, change) VALUES (?, ?, ?, ?)");
  for (const std::int64_t job : revision.added)
    execute_again(*insert, revision.study, revision.number, job, std::string("added"));
  for (const std::int64_t job : revision.removed)
    execute_again(*insert, revision.study, revision.number, job, std::string("removed"));
}

}  // namespace

void insert_revision(SQLite::Database& database, const RevisionRow& revision, std::int64_t now) {
  execute(database,
          "INSERT INTO study_revisions (study, number, title, definition, filename, overrides, given, code, "
          "submitted_by, created_at, jobs_added, jobs_removed, jobs_shared, points_total) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          revision.study, revision.number, revision.title, revision.definition, revision.filename,
          Json(revision.overrides).dump(), revision.given, unless_empty(revision.code), revision.submitted_by, now,
          count(revision.added), count(revision.removed), revision.jobs_shared, revision.points_total);
  if (revision.number > 1) insert_changes(database, revision);
}

void apply_revision(SQLite::Database& database, const RevisionRow& revision, const std::string& fingerprint) {
  PreparedStatement unlink(database, "DELETE FROM study_jobs WHERE study = ? AND job = ?");
  for (const std::int64_t job : revision.removed)
    execute_again(*unlink, revision.study, job);
  link_jobs(database, revision.study, revision.added);
  execute(database,
          "UPDATE studies SET revision = ?, fingerprint = ?, title = ?, definition = ?, filename = ?, overrides = ?, "
          "code = ?, jobs_total = ?, points_total = ?, archived_at = NULL WHERE number = ?",
          revision.number, fingerprint, revision.title, revision.definition, revision.filename,
          Json(revision.overrides).dump(), unless_empty(revision.code), revision.jobs_shared + count(revision.added),
          revision.points_total, revision.study);
}

void replace_points(SQLite::Database& database, std::int64_t study, const std::vector<PointRow>& points) {
  execute(database, "DELETE FROM points WHERE study = ?", study);
  insert_points(database, study, points);
}

void delete_search(SQLite::Database& database, std::int64_t study) {
  execute(database, "DELETE FROM guidance_values WHERE study = ?", study);
  execute(database, "DELETE FROM searches WHERE study = ?", study);
}

void set_study_code(SQLite::Database& database, std::int64_t study, const std::string& code) {
  execute(database, "UPDATE studies SET code = ? WHERE number = ?", unless_empty(code), study);
}

void set_study_paused(SQLite::Database& database, std::int64_t study, bool paused) {
  execute(database, "UPDATE studies SET paused = ? WHERE number = ?", std::int64_t{paused}, study);
}

void set_study_archived(SQLite::Database& database, std::int64_t study, std::optional<std::int64_t> at) {
  execute(database, "UPDATE studies SET archived_at = ? WHERE number = ?", at, study);
}

std::vector<StudyVersion> load_study_versions(SQLite::Database& database) {
  std::vector<StudyVersion> versions;
  for_each_row(
      database,
      "SELECT name, COALESCE(fingerprint, id), revision, definition, overrides, COALESCE(code, '') FROM studies "
      "ORDER BY number",
      [&](SQLite::Statement& row) {
        versions.push_back({row.getColumn(0).getString(), row.getColumn(1).getString(), row.getColumn(2).getInt64(),
                            row.getColumn(3).getString(),
                            Json::parse(row.getColumn(4).getString()).get<std::vector<std::string>>(),
                            row.getColumn(5).getString()});
      });
  return versions;
}

}  // namespace checkerlab::coordinator
