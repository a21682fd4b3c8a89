// Writing what running attempts tell: log lines, curves, checkpoints; and events for those who watch. Call inside a
// write.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "coordinator/service/server_event.hpp"
#include "rpc/messages.hpp"

namespace checkerlab::coordinator {

// Whether the attempt was given to this worker.
bool is_attempt_of(SQLite::Database& database, std::int64_t job, std::int64_t attempt, const std::string& worker);
// Appends with growing seq and keeps the newest `keep` lines of the attempt. Gives the lines as the API shows them.
nlohmann::json append_log(SQLite::Database& database, std::int64_t job, std::int64_t attempt,
                          const std::vector<rpc::LogLine>& lines, std::int64_t keep);
void append_curve(SQLite::Database& database, std::int64_t job, std::int64_t attempt,
                  const std::vector<rpc::CurvePoint>& points);
void save_checkpoint(SQLite::Database& database, std::int64_t job, const rpc::Checkpoint& checkpoint, std::int64_t now);

// Gives the event its id and keeps about the newest `keep`.
void append_event(SQLite::Database& database, ServerEvent& event, std::int64_t keep, std::int64_t now);

// Ids of the studies that need the job.
std::vector<std::string> studies_of_job(SQLite::Database& database, std::int64_t job);

}  // namespace checkerlab::coordinator
