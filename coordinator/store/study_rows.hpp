// Writing studies, their jobs and their points. Call inside a write (store.hpp); throws SQLite::Exception.
// Jobs and studies are named by their numbers, which the scheduler's indices give: number = index + 1.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sweeps/plan.hpp"

namespace checkerlab::coordinator {

// How a study stands to others.
struct StudyOrderRow {
  std::int64_t priority = 0;
  std::optional<std::int64_t> deadline;
  std::string owner;
};

struct StudyRow {
  std::int64_t number = 0;
  std::string id;
  std::string name;
  std::string title;
  std::string definition;
  std::string filename;
  std::vector<std::string> overrides;
  std::int64_t jobs_total = 0;
  std::int64_t points_total = 0;
  StudyOrderRow order;
};

struct NewJobRow {
  std::int64_t number = 0;
  const sweeps::Job* job = nullptr;
  std::vector<std::int64_t> inputs;  // numbers, as job->inputs
  bool queued = false;               // ready to run; else blocked
};

struct PointRow {
  std::int64_t score_job = 0;
  std::int64_t model_job = 0;
  const sweeps::Point* point = nullptr;
  std::int64_t position = 0;  // order in the study
};

void insert_study(SQLite::Database& database, const StudyRow& study, std::int64_t now);
void insert_jobs(SQLite::Database& database, const std::vector<NewJobRow>& jobs, std::int64_t now);
// After the jobs' rows.
void link_jobs(SQLite::Database& database, std::int64_t study, const std::vector<std::int64_t>& jobs);
void insert_points(SQLite::Database& database, std::int64_t study, const std::vector<PointRow>& points);

void set_study_order(SQLite::Database& database, std::int64_t study, const StudyOrderRow& order);

// Also sets or clears finished_at.
void set_study_state(SQLite::Database& database, std::int64_t study, const std::string& state, std::int64_t now);

}  // namespace checkerlab::coordinator
