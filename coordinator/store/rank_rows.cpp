#include "coordinator/store/rank_rows.hpp"

#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {

void insert_rank(SQLite::Database& database, std::int64_t job, std::int64_t attempt, std::int64_t rank,
                 const std::string& worker) {
  execute(database, "INSERT INTO attempt_ranks (job, attempt, rank, worker) VALUES (?, ?, ?, ?)", job, attempt, rank,
          worker);
}

void end_rank(SQLite::Database& database, std::int64_t job, std::int64_t attempt, std::int64_t rank, std::int64_t now) {
  execute(database, "UPDATE attempt_ranks SET ended_at = ? WHERE job = ? AND attempt = ? AND rank = ?", now, job,
          attempt, rank);
}

void end_ranks(SQLite::Database& database, std::int64_t job, std::int64_t attempt, std::int64_t now) {
  execute(database, "UPDATE attempt_ranks SET ended_at = ? WHERE job = ? AND attempt = ? AND ended_at IS NULL", now,
          job, attempt);
}

std::map<std::int64_t, std::vector<scheduler::RestoredRank>> load_ranks(SQLite::Database& database) {
  std::map<std::int64_t, std::vector<scheduler::RestoredRank>> ranks;
  for_each_row(
      database,
      "SELECT j.number, r.worker, r.ended_at IS NOT NULL FROM jobs j JOIN attempt_ranks r ON r.job = j.number "
      "AND r.attempt = j.attempt WHERE j.rank = 1 ORDER BY j.number, r.rank",
      [&](SQLite::Statement& row) {
        ranks[row.getColumn(0).getInt64()].push_back({row.getColumn(1).getString(), row.getColumn(2).getInt() != 0});
      });
  return ranks;
}

nlohmann::json rank_names(SQLite::Database& database, std::int64_t job, std::int64_t attempt) {
  nlohmann::json names = nlohmann::json::array();
  for_each_row(
      database,
      "SELECT w.name FROM attempt_ranks r JOIN workers w ON w.id = r.worker WHERE r.job = ? AND r.attempt = ? "
      "ORDER BY r.rank",
      [&](SQLite::Statement& row) { names.push_back(row.getColumn(0).getString()); }, job, attempt);
  return names;
}

}  // namespace checkerlab::coordinator
