// Writing jobs and attempts. Call inside a write (store.hpp); throws SQLite::Exception. Jobs are named by number.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "rpc/messages.hpp"

namespace checkerlab::coordinator {

// Any state but running, which comes with an attempt. Leaving a final state clears error and progress, and gives the
// job all its tries again. `started_at`: since when its attempt ran, where that is not written yet.
void set_job_state(SQLite::Database& database, std::int64_t job, const std::string& state, std::int64_t now,
                   std::optional<std::int64_t> started_at = std::nullopt);
void set_job_error(SQLite::Database& database, std::int64_t job, const nlohmann::json& error);
// The blocked job can never run because of `input`; says so in its error.
void doom_job(SQLite::Database& database, std::int64_t job, std::int64_t input);
void revive_job(SQLite::Database& database, std::int64_t job);
void set_progress(SQLite::Database& database, std::int64_t job, const nlohmann::json& progress);

// The job runs: as this attempt, at this worker. Gives the time since when it had been ready to run.
std::int64_t insert_attempt(SQLite::Database& database, std::int64_t job, std::int64_t number,
                            const std::string& worker, std::int64_t now);
void begin_attempt(SQLite::Database& database, std::int64_t job, std::int64_t number, std::int64_t started_at);
// The worker had the inputs of the attempt at `at`; said once.
void set_fetched(SQLite::Database& database, std::int64_t job, std::int64_t number, std::int64_t at);
// How attempts of a job ended so far, by whose fault it was.
struct AttemptCounts {
  std::int64_t tries = 0;
  std::int64_t losses = 0;
  std::int64_t preemptions = 0;
};
// `error` may be null. `started_at` as in set_job_state; what succeeded before its worker could say that it had begun,
// began now.
void end_attempt(SQLite::Database& database, std::int64_t job, std::int64_t number, const std::string& state,
                 const nlohmann::json& error, const AttemptCounts& counts, std::int64_t now,
                 std::optional<std::int64_t> started_at = std::nullopt);
// When a job that crashed is tried again; none: it waits no longer.
void set_retry_time(SQLite::Database& database, std::int64_t job, std::optional<std::int64_t> at);

// All a worker needs for this attempt: spec and hints as texts, its inputs' artifacts and metrics, the last checkpoint.
rpc::Assignment load_assignment(SQLite::Database& database, std::int64_t job, std::uint32_t number, bool has_inputs);

}  // namespace checkerlab::coordinator
