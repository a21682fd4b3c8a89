#include "coordinator/store/study_notice.hpp"

#include <string>

#include "coordinator/store/sql.hpp"

namespace checkerlab::coordinator {
namespace {

// The code versions of connected workers that take work, "a, b"; empty: there is none.
std::string connected_versions(SQLite::Database& database) {
  std::string versions;
  for_each_row(
      database, "SELECT DISTINCT version FROM workers WHERE state = 'online' ORDER BY version",
      [&](SQLite::Statement& row) { versions += (versions.empty() ? "" : ", ") + row.getColumn(0).getString(); });
  return versions;
}

bool has_version(SQLite::Database& database, const std::string& version) {
  bool found = false;
  for_each_row(
      database, "SELECT 1 FROM workers WHERE state = 'online' AND version = ? LIMIT 1",
      [&](SQLite::Statement&) { found = true; }, version);
  return found;
}

std::string pause_text(std::int64_t running) {
  const std::string text = "Paused: nothing more is started until the study is resumed";
  if (running == 0) return text + ".";
  return text + "; " + std::to_string(running) + (running == 1 ? " job goes on." : " jobs go on.");
}

}  // namespace

nlohmann::json study_notice(SQLite::Database& database, const nlohmann::json& study) {
  const auto state = study.at("state").get<std::string>();
  if (state != "queued" && state != "running") return nullptr;
  if (study.at("paused").get<bool>()) return pause_text(study.at("jobs").at("running").get<std::int64_t>());
  if (study.at("code").is_null()) return nullptr;
  const auto code = study.at("code").get<std::string>();
  if (has_version(database, code)) return nullptr;
  const std::string others = connected_versions(database);
  return "The study is pinned to code version " + code + ", which no connected worker has (" +
         (others.empty() ? "no worker is connected" : "connected: " + others) +
         "). Start such a worker, or pin the study to another version.";
}

}  // namespace checkerlab::coordinator
