// Whether a data directory, or a snapshot of a backup, is whole. Reads only; works while a coordinator runs. Blocking.
//
// SQLite keeps no checksums of pages: a value that was changed inside a row of a live database may go unseen. In a
// snapshot every byte counts, for its manifest has the database's hash.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace checkerlab::coordinator {

enum class FindingKind {
  database_damaged,    // SQLite's own checks complain
  artifact_missing,    // a row without its file
  artifact_damaged,    // other bytes than the name says
  result_incomplete,   // a result without the artifacts it names, or a job without the result it must have
  backup_incomplete,   // a snapshot that is not what its manifest says
  file_without_row,    // an artifact that nothing refers to: no damage; gc takes it, unless it is just being sent
  file_without_place,  // a file that is no artifact: no damage; nothing touches it
};

std::string_view to_string(FindingKind kind);
bool is_damage(FindingKind kind);

struct Finding {
  FindingKind kind{};
  std::string what;  // where
  std::string detail;
};

struct VerifyOptions {
  bool read_artifacts = true;  // their bytes are hashed; else their sizes are compared
  std::function<void(const std::string&)> progress = [](const std::string&) {};
};

struct VerifyReport {
  std::vector<Finding> findings;
  std::size_t artifacts = 0;  // looked at
  std::uint64_t bytes = 0;    // read
  std::size_t results = 0;

  bool sound() const;  // no damage
  nlohmann::json to_json() const;
  std::string to_text() const;
};

// Throws Error(not_found) when there is no database; all else is a finding.
VerifyReport verify_data(const std::filesystem::path& data, const VerifyOptions& options = {});
// `snapshot`: its name; empty: the latest. Throws Error(not_found) when there is none.
VerifyReport verify_backup(const std::filesystem::path& backup, const std::string& snapshot,
                           const VerifyOptions& options = {});

}  // namespace checkerlab::coordinator
