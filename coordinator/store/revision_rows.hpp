// Writing what people change about a study after it was submitted: its revisions, its rest, its place in the archive.
// Call inside a write (store.hpp); throws SQLite::Exception.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/store/study_rows.hpp"

namespace checkerlab::coordinator {

// One definition that a study has or had.
struct RevisionRow {
  std::int64_t study = 0;
  std::int64_t number = 1;
  std::string title;
  std::string definition;
  std::string filename;
  std::vector<std::string> overrides;
  std::string given;  // JSON {dataset, files}
  std::string code;   // empty: not pinned
  std::string submitted_by;
  std::vector<std::int64_t> added;    // jobs; only counted in the first revision
  std::vector<std::int64_t> removed;  // jobs
  std::int64_t jobs_shared = 0;       // with the revision before
  std::int64_t points_total = 0;
};

// Also keeps which jobs came and went, from the second revision on.
void insert_revision(SQLite::Database& database, const RevisionRow& revision, std::int64_t now);

// The study has this revision from now on: its text, its jobs, and its totals. Jobs must have their rows. The study is
// no longer archived.
void apply_revision(SQLite::Database& database, const RevisionRow& revision, const std::string& fingerprint);
void replace_points(SQLite::Database& database, std::int64_t study, const std::vector<PointRow>& points);
// Forgets the search of a study; what was measured for it stays.
void delete_search(SQLite::Database& database, std::int64_t study);

// Empty: not pinned.
void set_study_code(SQLite::Database& database, std::int64_t study, const std::string& code);
void set_study_paused(SQLite::Database& database, std::int64_t study, bool paused);
// Nothing: no longer archived.
void set_study_archived(SQLite::Database& database, std::int64_t study, std::optional<std::int64_t> at);

// What tells whether a submission is a study that is there already.
struct StudyVersion {
  std::string name;
  std::string fingerprint;  // of its name and present set of keys
  std::int64_t revision = 1;
  std::string definition;
  std::vector<std::string> overrides;
  std::string code;
};
// Of all studies, by their numbers.
std::vector<StudyVersion> load_study_versions(SQLite::Database& database);

}  // namespace checkerlab::coordinator
