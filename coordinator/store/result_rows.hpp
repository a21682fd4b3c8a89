// Writing what a succeeded attempt brought. Call inside a write (store.hpp).
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <string>

#include "rpc/messages.hpp"

namespace checkerlab::coordinator {

struct ResultRow {
  std::int64_t job = 0;
  std::string kind;  // of the job
  std::int64_t attempt = 0;
  std::string worker;
  std::string code_version;  // of the worker; result.identity["code_version"] goes before it
  rpc::JobResult result;
};

// The result, its artifacts and, for a score_point, its measurements with their identity, found from the job's inputs:
// the feature network, the reference and the spec of a shard. A second result of one job violates the primary key:
// recorded once.
void record_result(SQLite::Database& database, const ResultRow& row, std::int64_t now);

// Why this result cannot be recorded for a job of `kind`, or empty.
std::string result_problem(const std::string& kind, const rpc::JobResult& result);

}  // namespace checkerlab::coordinator
