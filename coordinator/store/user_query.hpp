// SQL typed by people: read-only, bounded in time, rows and bytes.
//
// Safe because (1) the connection is opened read-only with defensive mode on, (2) an authorizer lets through only
// SELECT, READ of the tables and views in kUserTables, functions (but load_extension and fts3_tokenizer) and recursion,
// (3) a progress handler stops it at the deadline. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "coordinator/store/store.hpp"

namespace checkerlab::coordinator {

struct UserQueryLimits {
  std::int64_t max_rows = 10'000;
  std::int64_t max_bytes = 32 << 20;  // of all values in the answer, about
  std::chrono::milliseconds time{5'000};
  std::stop_token stop = {};  // ends the query early
};

// Whether people may read this table or view; its name in any case.
bool is_user_table(const std::string& name);
// The tables and views of the database that people may not read: those that hold secrets, and any unknown one.
std::vector<std::string> hidden_tables(SQLite::Database& database);

// {columns: […], rows: [[…]], truncated}. Blobs come as "blob of N bytes". Throws Error(invalid_argument) for SQL that
// is wrong, empty, several statements, or not allowed, Error(timeout) at the deadline,
// and Error(cancelled) when told to stop.
nlohmann::json run_user_query(const Store& store, const std::string& sql, const UserQueryLimits& limits = {});

}  // namespace checkerlab::coordinator
