#include "coordinator/store/search_rows.hpp"

#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {

void insert_search(SQLite::Database& database, std::int64_t study, const std::string& subject) {
  execute(database, "INSERT INTO searches (study, subject) VALUES (?, ?)", study, subject);
}

void write_guidance_values(SQLite::Database& database, std::int64_t study, const std::vector<GuidanceRow>& rows) {
  PreparedStatement write(
      database,
      "INSERT OR REPLACE INTO guidance_values (study, position, model_key, ratio, ratio_value, "
      "steps_per_scale, total_steps, guidance, seed, screen_samples, samples, screen_job, score_job, "
      "decision, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const GuidanceRow& row : rows) {
    const sweeps::GuidanceRecord& record = *row.record;
    const sweeps::Point& point = record.point;
    execute_again(*write, study, record.position, point.model_key.str(), point.ratio, point.ratio_value,
                  std::int64_t{point.steps_per_scale}, std::int64_t{point.total_steps}, point.guidance, point.seed,
                  record.screen_samples, point.samples, row.screen_job, row.score_job,
                  std::string(to_string(record.verdict.decision)), record.verdict.reason);
  }
}

void add_to_totals(SQLite::Database& database, std::int64_t study, std::int64_t jobs, std::int64_t points) {
  execute(database, "UPDATE studies SET jobs_total = jobs_total + ?, points_total = points_total + ? WHERE number = ?",
          jobs, points, study);
}

std::vector<StoredSearch> load_searches(SQLite::Database& database) {
  std::vector<StoredSearch> searches;
  for_each_row(
      database,
      "SELECT s.study, s.subject, EXISTS (SELECT 1 FROM guidance_values v WHERE v.study = s.study) AND NOT "
      "EXISTS (SELECT 1 FROM guidance_values v WHERE v.study = s.study AND v.decision = 'open') "
      "FROM searches s ORDER BY s.study",
      [&](SQLite::Statement& row) {
        searches.push_back({row.getColumn(0).getInt64(), row.getColumn(1).getString(), row.getColumn(2).getInt() != 0});
      });
  return searches;
}

std::vector<std::pair<std::string, sweeps::ScoreOutcome>> load_scores(SQLite::Database& database) {
  std::vector<std::pair<std::string, sweeps::ScoreOutcome>> scores;
  for_each_row(database,
               "SELECT j.key, r.result FROM measurements m JOIN jobs j ON j.number = m.job "
               "JOIN results r ON r.job = m.job WHERE m.metric = 'fid'",
               [&](SQLite::Statement& row) {
                 const auto metrics = Json::parse(row.getColumn(1).getString()).at("metrics");
                 if (auto score = score_of(metrics.get<std::map<std::string, double>>()))
                   scores.emplace_back(row.getColumn(0).getString(), std::move(*score));
               });
  return scores;
}

std::optional<sweeps::ScoreOutcome> score_of(const std::map<std::string, double>& metrics) {
  const auto fid = metrics.find("fid");
  if (fid == metrics.end()) return std::nullopt;
  sweeps::ScoreOutcome score{.failed = false, .fid = fid->second, .uncertainty = std::nullopt, .without = {}};
  if (const auto error = metrics.find("fid_uncertainty"); error != metrics.end()) score.uncertainty = error->second;
  const std::string prefix = "fid.without.";
  for (auto block = metrics.lower_bound(prefix); block != metrics.end() && block->first.starts_with(prefix); ++block)
    score.without.push_back(block->second);
  return score;
}

}  // namespace checkerlab::coordinator
