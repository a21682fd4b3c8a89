// Rows as the JSON objects of the API (schemas/openapi.yaml); used for answers and, inside a write, for events. Works
// on any connection; throws SQLite::Exception, and Error(not_found) where said.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace checkerlab::coordinator {

// The number of the study with this id, or the latest of this name. Error(not_found).
std::int64_t find_study(SQLite::Database& database, const std::string& id_or_name);
// Error(not_found).
std::int64_t find_job(SQLite::Database& database, const std::string& key);

// `now` (milliseconds) is for rates: work done since a stage began, and what is left at that rate.
nlohmann::json study_document(SQLite::Database& database, std::int64_t study, std::int64_t now);
nlohmann::json job_document(SQLite::Database& database, std::int64_t job);
// The job with spec, hints, inputs, attempts, result and artifacts.
nlohmann::json job_detail_document(SQLite::Database& database, std::int64_t job);
nlohmann::json worker_document(SQLite::Database& database, const std::string& id);
// The points of a study in its order, or the one of `score_job`.
nlohmann::json point_documents(SQLite::Database& database, std::int64_t study,
                               std::optional<std::int64_t> score_job = std::nullopt);

}  // namespace checkerlab::coordinator
