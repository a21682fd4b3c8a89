// How two sets of jobs differ, as the JSON object StudyDiff of the API (schemas/openapi.yaml). Works on any connection;
// throws SQLite::Exception.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace checkerlab::coordinator {

struct DiffJob {
  std::string key;
  std::string kind;
  std::string label;
};

// One side of a comparison: a study, one of its revisions, or a definition that was not submitted.
struct DiffSide {
  nlohmann::json name;        // {study, id, revision}; the last two null for a definition
  std::vector<DiffJob> jobs;  // in the order in which they are shown
  std::int64_t study = 0;     // number; 0: a definition
};

// The present set of a study.
DiffSide side_of_study(SQLite::Database& database, std::int64_t study);
// The set that a study had at the end of a revision. Error(not_found) when there is no such revision.
DiffSide side_of_revision(SQLite::Database& database, std::int64_t study, std::int64_t revision);

inline constexpr std::size_t kMostDiffItems = 2'000;

// What `to` has and `from` has not is added. At most kMostDiffItems of the jobs are listed, those added first; the
// counts are of all.
nlohmann::json diff_document(SQLite::Database& database, const DiffSide& from, const DiffSide& to);

// Studies that share jobs with these keys: [{id, name, jobs}], those with most first; without the studies named.
nlohmann::json sharing_studies(SQLite::Database& database, const std::vector<std::string>& keys,
                               const std::vector<std::int64_t>& without);

}  // namespace checkerlab::coordinator
