// Who does which rank of an attempt that several workers do together. Call inside a write (store.hpp); throws
// SQLite::Exception. Jobs are named by number.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "coordinator/scheduler/events.hpp"

namespace checkerlab::coordinator {

void insert_rank(SQLite::Database& database, std::int64_t job, std::int64_t attempt, std::int64_t rank,
                 const std::string& worker);
// The rank's part ended well while the attempt goes on.
void end_rank(SQLite::Database& database, std::int64_t job, std::int64_t attempt, std::int64_t rank, std::int64_t now);
// The attempt ended, and with it what was left of its ranks.
void end_ranks(SQLite::Database& database, std::int64_t job, std::int64_t attempt, std::int64_t now);

// Ranks of all running attempts that have several, by job.
std::map<std::int64_t, std::vector<scheduler::RestoredRank>> load_ranks(SQLite::Database& database);

// Names of the workers that do, or did, the attempt, by rank; empty when one does it alone.
nlohmann::json rank_names(SQLite::Database& database, std::int64_t job, std::int64_t attempt);

}  // namespace checkerlab::coordinator
