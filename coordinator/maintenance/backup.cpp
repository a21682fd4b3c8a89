#include "coordinator/maintenance/backup.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/random_token.hpp"
#include "base/version.hpp"
#include "coordinator/maintenance/file_lock.hpp"
#include "coordinator/maintenance/manifest.hpp"
#include "coordinator/maintenance/store_artifact.hpp"
#include "coordinator/maintenance/wanted_artifacts.hpp"
#include "coordinator/store/database_copy.hpp"
#include "coordinator/store/migrations.hpp"
#include "coordinator/store/sqlite_error.hpp"

namespace checkerlab::coordinator {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUnfinished = ".unfinished-";

void remove_unfinished(const BackupFolder& folder) {
  for (const auto& entry : fs::directory_iterator(folder.snapshots())) {
    if (entry.path().filename().string().starts_with(kUnfinished)) fs::remove_all(entry.path());
  }
}

fs::path database_of(const fs::path& data) {
  const fs::path database = data / "checkerlab.db";
  if (fs::exists(database)) return database;
  throw Error(ErrorCode::not_found, data.string() + " holds no database of a coordinator",
              "Name the data directory with --data DIR.");
}

// A snapshot on its way; what was made of it goes when it is not finished.
class Snapshot {
 public:
  Snapshot(const BackupOptions& options, BackupFolder folder)
      : options_(options), folder_(std::move(folder)), unfinished_(kUnfinished + random_token(8)) {
    fs::create_directories(folder_.snapshot(unfinished_));
  }
  ~Snapshot() {
    std::error_code ignored;
    fs::remove_all(folder_.snapshot(unfinished_), ignored);
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  void take_database(const fs::path& from) {
    options_.progress("copying the database");
    const fs::path copy = folder_.database(unfinished_);
    copy_database(from, copy);
    options_.progress("checking the copy");
    if (const auto complaints = database_complaints(copy); !complaints.empty()) {
      throw Error(ErrorCode::invalid_data, "the database " + from.string() + " is damaged: " + complaints.front(),
                  "See `checkerlab-coordinator verify`; an earlier backup may hold it whole.");
    }
    manifest_.database_sha256 = sha256_file(copy);
    manifest_.database_bytes = fs::file_size(copy);
    translate_errors(copy, [&] {
      SQLite::Database database(copy.string(), SQLite::OPEN_READONLY);
      manifest_.schema_version = present_version(database);
      wanted_ = wanted_artifacts(database);
    });
  }

  void take_artifacts(const ArtifactStore& from, ArtifactStore& to) {
    std::size_t done = 0;
    for (const auto& [sha256, artifact] : wanted_) {
      ++done;
      if (to.size(sha256) == artifact.bytes) {
        manifest_.artifacts.emplace(sha256, artifact.bytes);
        continue;
      }
      options_.progress("artifact " + std::to_string(done) + " of " + std::to_string(wanted_.size()));
      take(from, to, sha256, artifact);
    }
  }

  BackupReport finish(const Clock& clock) {
    options_.progress("writing the manifest");
    manifest_.made_at = rfc3339(clock.utc());
    manifest_.version = version_string();
    write_manifest(folder_.manifest(unfinished_), manifest_);
    report_.snapshot = unused_name();
    report_.artifacts = manifest_.artifacts.size();
    report_.damaged = manifest_.damaged;
    SystemFiles().commit(folder_.snapshot(unfinished_), folder_.snapshot(report_.snapshot));
    return report_;
  }

 private:
  void take(const ArtifactStore& from, ArtifactStore& to, const std::string& sha256, const WantedArtifact& artifact) {
    try {
      store_artifact(to, sha256, artifact.bytes, from.path(sha256), options_.hard_links);
    } catch (const Error& error) {
      const bool damaged = error.code() == ErrorCode::not_found || error.code() == ErrorCode::invalid_data;
      if (!damaged) throw;
      if (!options_.skip_damaged) {
        throw Error(ErrorCode::invalid_data,
                    "artifact " + sha256 + " (" + artifact.who + ") is damaged: " + error.what(),
                    "`checkerlab-coordinator verify` lists all that are; --skip-damaged backs up the rest.");
      }
      manifest_.damaged.push_back(sha256);
      return;
    }
    manifest_.artifacts.emplace(sha256, artifact.bytes);
    ++report_.new_artifacts;
    report_.new_bytes += artifact.bytes;
  }

  // The time, in a form that every file system takes.
  std::string unused_name() const {
    std::string time = manifest_.made_at;
    std::replace(time.begin(), time.end(), ':', '-');
    std::string name = time;
    for (int i = 2; fs::exists(folder_.snapshot(name)); ++i)
      name = time + "-" + std::to_string(i);
    return name;
  }

  const BackupOptions& options_;
  const BackupFolder folder_;
  const std::string unfinished_;
  std::map<std::string, WantedArtifact> wanted_;
  Manifest manifest_;
  BackupReport report_;
};

void refuse_nesting(const BackupOptions& options) {
  const auto inside = fs::weakly_canonical(options.to).lexically_relative(fs::weakly_canonical(options.data));
  if (inside.empty() || *inside.begin() == "..") return;
  throw Error(ErrorCode::invalid_argument,
              "the backup folder " + options.to.string() + " lies inside the data directory",
              "Choose a folder outside of it, best on another disk.");
}

}  // namespace

BackupReport make_backup(const BackupOptions& options, const Clock& clock) {
  const fs::path database = database_of(options.data);
  refuse_nesting(options);
  const BackupFolder folder{options.to};
  fs::create_directories(folder.snapshots());
  const FileLock among_backups(options.to / "lock", FileLock::Kind::exclusive, "another backup");
  const FileLock no_gc(options.data / "maintenance.lock", FileLock::Kind::shared, "a gc");
  remove_unfinished(folder);
  SystemFiles files;
  // Only names are asked of the live store: opening it would clear what is being received.
  ArtifactStore to(folder.artifacts(), files);
  const ArtifactStore from = ArtifactStore::reader(options.data / "artifacts", files);
  Snapshot snapshot(options, folder);
  snapshot.take_database(database);
  snapshot.take_artifacts(from, to);
  return snapshot.finish(clock);
}

}  // namespace checkerlab::coordinator
