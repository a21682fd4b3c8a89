// Reading a study as a set: its revisions, how sets differ, and what made its results.
#include "coordinator/store/documents.hpp"
#include "coordinator/store/read_models.hpp"
#include "coordinator/store/search_rows.hpp"
#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

Json revision_of(SQLite::Statement& row) {
  return {{"number", row.getColumn(0).getInt64()},
          {"title", row.getColumn(1).getString()},
          {"definition", row.getColumn(2).getString()},
          {"filename", row.getColumn(3).getString()},
          {"overrides", Json::parse(row.getColumn(4).getString())},
          {"code", text_or_null(row.getColumn(5))},
          {"submitted_by", row.getColumn(6).getString()},
          {"created_at", time_text(row.getColumn(7).getInt64())},
          {"jobs_added", row.getColumn(8).getInt64()},
          {"jobs_removed", row.getColumn(9).getInt64()},
          {"jobs_shared", row.getColumn(10).getInt64()},
          {"points_total", row.getColumn(11).getInt64()}};
}

Json versions_of(SQLite::Database& database, std::int64_t study) {
  Json versions = Json::array();
  for_each_row(
      database,
      "SELECT r.code_version, COUNT(*), SUM(j.kind = 'score_point'), MIN(r.recorded_at), MAX(r.recorded_at) "
      "FROM study_jobs sj JOIN results r ON r.job = sj.job JOIN jobs j ON j.number = sj.job WHERE sj.study = ? "
      "GROUP BY r.code_version ORDER BY MIN(r.recorded_at)",
      [&](SQLite::Statement& row) {
        versions.push_back({{"code_version", row.getColumn(0).getString()},
                            {"results", row.getColumn(1).getInt64()},
                            {"points", row.getColumn(2).getInt64()},
                            {"first_recorded_at", time_text(row.getColumn(3).getInt64())},
                            {"last_recorded_at", time_text(row.getColumn(4).getInt64())}});
      },
      study);
  return versions;
}

// Curves whose points were scored, or sampled, by more than one code version.
constexpr const char* kMixedCurves =
    "WITH made AS ("
    "SELECT p.ratio, p.model_job, p.score_job, r.code_version FROM points p JOIN results r ON r.job = p.score_job "
    "WHERE p.study = ?1 UNION "
    "SELECT p.ratio, p.model_job, p.score_job, r.code_version FROM points p JOIN results s ON s.job = p.score_job "
    "JOIN job_inputs i ON i.job = p.score_job JOIN jobs j ON j.number = i.input AND j.kind = 'evaluate_shard' "
    "JOIN results r ON r.job = i.input WHERE p.study = ?1) "
    "SELECT m.ratio, j.key, COUNT(DISTINCT m.score_job), json_group_array(DISTINCT m.code_version) FROM made m "
    "JOIN jobs j ON j.number = m.model_job GROUP BY m.ratio, m.model_job HAVING COUNT(DISTINCT m.code_version) > 1 "
    "ORDER BY m.model_job";

Json mixed_curves(SQLite::Database& database, std::int64_t study) {
  Json curves = Json::array();
  for_each_row(
      database, kMixedCurves,
      [&](SQLite::Statement& row) {
        curves.push_back({{"ratio", row.getColumn(0).getString()},
                          {"model_key", row.getColumn(1).getString()},
                          {"points", row.getColumn(2).getInt64()},
                          {"code_versions", Json::parse(row.getColumn(3).getString())}});
      },
      study);
  return curves;
}

}  // namespace

Json ReadModels::revisions(const std::string& id_or_name) const {
  return store_.read([&](SQLite::Database& database) {
    Json items = Json::array();
    for_each_row(
        database,
        "SELECT number, title, definition, filename, overrides, code, submitted_by, created_at, jobs_added, "
        "jobs_removed, jobs_shared, points_total FROM study_revisions WHERE study = ? ORDER BY number DESC",
        [&](SQLite::Statement& row) { items.push_back(revision_of(row)); }, find_study(database, id_or_name));
    return Json{{"items", items}};
  });
}

Json ReadModels::code_versions(const std::string& id_or_name) const {
  return store_.read([&](SQLite::Database& database) {
    const std::int64_t study = find_study(database, id_or_name);
    Json pin;
    for_each_row(
        database, "SELECT code FROM studies WHERE number = ?",
        [&](SQLite::Statement& row) { pin = text_or_null(row.getColumn(0)); }, study);
    return Json{
        {"pinned", pin}, {"versions", versions_of(database, study)}, {"mixed_curves", mixed_curves(database, study)}};
  });
}

Json ReadModels::diff_with(const std::string& id_or_name, const std::vector<DiffJob>& jobs) const {
  return store_.read([&](SQLite::Database& database) {
    const DiffSide from = side_of_study(database, find_study(database, id_or_name));
    const Json name{{"study", from.name.at("study")}, {"id", nullptr}, {"revision", nullptr}};
    return diff_document(database, from, {name, jobs, 0});
  });
}

Json ReadModels::diff_studies(const std::string& id_or_name, const std::string& other) const {
  return store_.read([&](SQLite::Database& database) {
    const DiffSide from = side_of_study(database, find_study(database, id_or_name));
    return diff_document(database, from, side_of_study(database, find_study(database, other)));
  });
}

Json ReadModels::diff_revisions(const std::string& id_or_name, std::int64_t from, std::int64_t to) const {
  return store_.read([&](SQLite::Database& database) {
    const std::int64_t study = find_study(database, id_or_name);
    return diff_document(database, side_of_revision(database, study, from), side_of_revision(database, study, to));
  });
}

Json ReadModels::sharing(const std::vector<std::string>& keys) const {
  return store_.read([&](SQLite::Database& database) { return sharing_studies(database, keys, {}); });
}

Json ReadModels::present_revision(const std::string& id_or_name) const {
  return store_.read([&](SQLite::Database& database) {
    Json present;
    for_each_row(
        database,
        "SELECT r.definition, r.overrides, r.given FROM study_revisions r "
        "JOIN studies s ON s.number = r.study AND s.revision = r.number WHERE s.number = ?",
        [&](SQLite::Statement& row) {
          present = {{"definition", row.getColumn(0).getString()},
                     {"overrides", Json::parse(row.getColumn(1).getString())},
                     {"given", Json::parse(row.getColumn(2).getString())}};
        },
        find_study(database, id_or_name));
    return present;
  });
}

sweeps::Scores ReadModels::scores_for(const std::string& id_or_name) const {
  return store_.read([&](SQLite::Database& database) -> sweeps::Scores {
    std::map<std::string, sweeps::ScoreOutcome> known;
    for (auto& [key, score] : load_scores(database))
      known.emplace(key, std::move(score));
    for_each_row(
        database,
        "SELECT j.key FROM study_jobs sj JOIN jobs j ON j.number = sj.job WHERE sj.study = ? AND "
        "j.kind = 'score_point' AND (j.state IN ('failed', 'cancelled') OR j.doomed)",
        [&](SQLite::Statement& row) {
          known.emplace(row.getColumn(0).getString(), sweeps::ScoreOutcome{.failed = true});
        },
        find_study(database, id_or_name));
    return [known = std::move(known)](const JobKey& key) -> std::optional<sweeps::ScoreOutcome> {
      const auto found = known.find(key.str());
      return found == known.end() ? std::nullopt : std::optional(found->second);
    };
  });
}

}  // namespace checkerlab::coordinator
