// What a snapshot of a backup consists of: `manifest.json`, the last file written. A folder without it is no snapshot.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace checkerlab::coordinator {

struct Manifest {
  std::string made_at;  // RFC 3339
  std::string version;  // of the program
  int schema_version = 0;
  std::string database_sha256;
  std::uint64_t database_bytes = 0;
  std::map<std::string, std::uint64_t> artifacts;  // hash → bytes; they lie in the backup's artifacts folder
  std::vector<std::string> damaged;                // hashes that could not be taken: missing or other bytes
};

void write_manifest(const std::filesystem::path& file, const Manifest& manifest);
// Throws Error(not_found, invalid_data) naming the file.
Manifest read_manifest(const std::filesystem::path& file);

// Places inside a backup folder.
struct BackupFolder {
  std::filesystem::path root;

  std::filesystem::path artifacts() const { return root / "artifacts"; }
  std::filesystem::path snapshots() const { return root / "snapshots"; }
  std::filesystem::path snapshot(const std::string& name) const { return snapshots() / name; }
  std::filesystem::path manifest(const std::string& name) const { return snapshot(name) / "manifest.json"; }
  std::filesystem::path database(const std::string& name) const { return snapshot(name) / "checkerlab.db"; }

  // Names of whole snapshots, oldest first.
  std::vector<std::string> list() const;
  // `name`, or the latest when it is empty. Throws Error(not_found).
  std::string choose(const std::string& name) const;
};

}  // namespace checkerlab::coordinator
