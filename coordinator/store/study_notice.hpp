// Why a study that is not over makes no headway, in words. Works on any connection; throws SQLite::Exception.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <nlohmann/json.hpp>

namespace checkerlab::coordinator {

// `study` as study_document makes it. Text when the study is paused, or pinned to a code version that no connected
// worker has; else null.
nlohmann::json study_notice(SQLite::Database& database, const nlohmann::json& study);

}  // namespace checkerlab::coordinator
