// Backups of a data directory, and back.
//
// A backup folder holds snapshots that share their artifacts:
//   artifacts/ab/<sha256>                 content-addressed: a later snapshot brings only what is new
//   snapshots/<time>/checkerlab.db        one consistent state of the database
//   snapshots/<time>/manifest.json        hashes of it all; written last
// A snapshot appears by one rename when everything it needs is there and on disk: what a kill leaves is no snapshot.
// Tokens and sign-in keys that stand in files of their own are not part of it; a restored directory gets new ones.
//
// Blocking. Works while a coordinator runs on the data directory and while none does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace checkerlab::coordinator {

struct BackupOptions {
  std::filesystem::path data;
  std::filesystem::path to;
  bool hard_links = false;    // instead of copies, where both are on one file system: quick, but one disk for both
  bool skip_damaged = false;  // goes on without artifacts that are missing or have other bytes, and lists them
  // Told what is done next; for progress.
  std::function<void(const std::string&)> progress = [](const std::string&) {};
};

struct BackupReport {
  std::string snapshot;
  std::size_t artifacts = 0;
  std::size_t new_artifacts = 0;
  std::uint64_t new_bytes = 0;  // of artifacts
  std::vector<std::string> damaged;
};

// Throws Error: not_found when there is no database, invalid_data when it or an artifact is damaged, conflict when
// another backup or a gc is at work, disk_full.
BackupReport make_backup(const BackupOptions& options, const Clock& clock);

struct RestoreOptions {
  std::filesystem::path from;
  std::string snapshot;        // empty: the latest
  std::filesystem::path data;  // not there, or empty
  std::function<void(const std::string&)> progress = [](const std::string&) {};
};

struct RestoreReport {
  std::string snapshot;
  std::size_t artifacts = 0;
  std::vector<std::string> damaged;  // of the snapshot: these were not in it
};

// The directory appears by one rename, whole and checked byte for byte, or not at all. Throws Error: conflict when
// `data` holds anything, invalid_data when the backup is damaged.
RestoreReport restore_backup(const RestoreOptions& options);

}  // namespace checkerlab::coordinator
