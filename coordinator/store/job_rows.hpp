// Writing jobs and attempts. Call inside a write (store.hpp); throws SQLite::Exception. Jobs are named by number.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "rpc/messages.hpp"

namespace checkerlab::coordinator {

// Leaving a final state clears error and progress, and gives the job all its tries again.
void set_job_state(SQLite::Database& database, std::int64_t job, const std::string& state, std::int64_t now);
void set_job_error(SQLite::Database& database, std::int64_t job, const nlohmann::json& error);
// The blocked job can never run because of `input`; says so in its error.
void doom_job(SQLite::Database& database, std::int64_t job, std::int64_t input);
void revive_job(SQLite::Database& database, std::int64_t job);
void set_progress(SQLite::Database& database, std::int64_t job, const nlohmann::json& progress);

void insert_attempt(SQLite::Database& database, std::int64_t job, std::int64_t number, const std::string& worker,
                    std::int64_t now);
void begin_attempt(SQLite::Database& database, std::int64_t job, std::int64_t number, std::int64_t now);
// `error` may be null. `tries`: used up by the job so far.
void end_attempt(SQLite::Database& database, std::int64_t job, std::int64_t number, const std::string& state,
                 const nlohmann::json& error, std::int64_t tries, std::int64_t now);

// All a worker needs for this attempt: spec, hints, its inputs' artifacts and metrics, the last checkpoint.
rpc::Assignment load_assignment(SQLite::Database& database, std::int64_t job, std::uint32_t number);

}  // namespace checkerlab::coordinator
