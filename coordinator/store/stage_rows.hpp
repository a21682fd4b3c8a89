// How far each stage of a study is: the counts of study_stages, kept with every change of its jobs so that a page costs
// the same with a million of them. Call inside a write (store.hpp); throws SQLite::Exception.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace checkerlab::coordinator {

// What one change does to a stage.
struct StageChange {
  static constexpr std::size_t kStates = 6;
  std::array<std::int64_t, kStates> by_state{};  // more or fewer of them, in the order of scheduler::JobState
  bool started = false;                          // a job of it began to run
  bool finished = false;                         // one succeeded
};

// Jobs of the study changed their states.
void change_stage(SQLite::Database& database, std::int64_t study, const std::string& kind, const StageChange& change,
                  std::int64_t now);

// These jobs belong to the study from now on, in the states that they have in the database.
void count_linked(SQLite::Database& database, std::int64_t study, const std::vector<std::int64_t>& jobs);

}  // namespace checkerlab::coordinator
