// Searching studies in the database. Writing: call inside a write (store.hpp); throws SQLite::Exception.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sweeps/search/next_points.hpp"

namespace checkerlab::coordinator {

// The search of a study; `subject` as sweeps::search_document makes it.
void insert_search(SQLite::Database& database, std::int64_t study, const std::string& subject);

struct GuidanceRow {
  const sweeps::GuidanceRecord* record = nullptr;
  std::optional<std::int64_t> screen_job;  // where it is wanted
  std::optional<std::int64_t> score_job;   // where it is wanted
};
// Takes the place of what was recorded of these values before.
void write_guidance_values(SQLite::Database& database, std::int64_t study, const std::vector<GuidanceRow>& rows);

// The study has so many jobs and points more.
void add_to_totals(SQLite::Database& database, std::int64_t study, std::int64_t jobs, std::int64_t points);

struct StoredSearch {
  std::int64_t study = 0;
  std::string subject;
  bool decided = false;  // no value is open
};
std::vector<StoredSearch> load_searches(SQLite::Database& database);

// What a score job's metrics tell a search: fid, fid_uncertainty, and FID without block b as "fid.without.00" …;
// nothing without fid.
std::optional<sweeps::ScoreOutcome> score_of(const std::map<std::string, double>& metrics);

// Of all scores there are, by the key of the job.
std::vector<std::pair<std::string, sweeps::ScoreOutcome>> load_scores(SQLite::Database& database);

}  // namespace checkerlab::coordinator
