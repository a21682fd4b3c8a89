#include "base/error.hpp"
#include "base/files.hpp"
#include "base/random_token.hpp"
#include "coordinator/maintenance/backup.hpp"
#include "coordinator/maintenance/manifest.hpp"
#include "coordinator/maintenance/store_artifact.hpp"
#include "coordinator/store/database_copy.hpp"

namespace checkerlab::coordinator {
namespace {

namespace fs = std::filesystem;

void require_empty(const fs::path& data) {
  std::error_code error;
  if (!fs::exists(data, error) || fs::is_empty(data, error)) return;
  throw Error(ErrorCode::conflict, data.string() + " is not empty; a restore overwrites nothing",
              "Name a folder that is not there, or move this one away.");
}

// The directory while it is being filled; goes when it is not finished.
class Unfinished {
 public:
  explicit Unfinished(const fs::path& data) : path_(data.string() + ".restoring-" + random_token(8)) {
    fs::create_directories(path_);
    fs::permissions(path_, fs::perms::owner_all);
  }
  ~Unfinished() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  const fs::path& path() const { return path_; }

 private:
  const fs::path path_;
};

[[noreturn]] void refuse(const BackupFolder& folder, const std::string& snapshot, const std::string& what) {
  throw Error(ErrorCode::invalid_data, "snapshot " + snapshot + " of " + folder.root.string() + ": " + what,
              "Choose another snapshot with --snapshot NAME; `checkerlab-coordinator verify --backup " +
                  folder.root.string() + "` tells what is damaged.");
}

void take_database(const BackupFolder& folder, const std::string& snapshot, const Manifest& manifest,
                   const fs::path& to) {
  const fs::path source = folder.database(snapshot);
  if (!fs::exists(source)) refuse(folder, snapshot, "its database is missing");
  fs::copy_file(source, to);
  if (sha256_file(to) != manifest.database_sha256) refuse(folder, snapshot, "its database was changed since");
  if (const auto complaints = database_complaints(to); !complaints.empty())
    refuse(folder, snapshot, "its database is damaged: " + complaints.front());
}

void take_artifacts(const BackupFolder& folder, const std::string& snapshot, const Manifest& manifest,
                    const RestoreOptions& options, const fs::path& to) {
  SystemFiles files;
  const ArtifactStore from = ArtifactStore::reader(folder.artifacts(), files);
  ArtifactStore store(to, files);
  std::size_t done = 0;
  for (const auto& [sha256, bytes] : manifest.artifacts) {
    options.progress("artifact " + std::to_string(++done) + " of " + std::to_string(manifest.artifacts.size()));
    try {
      store_artifact(store, sha256, bytes, from.path(sha256), false);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found && error.code() != ErrorCode::invalid_data) throw;
      refuse(folder, snapshot, "artifact " + sha256 + " is damaged: " + error.what());
    }
  }
}

}  // namespace

RestoreReport restore_backup(const RestoreOptions& options) {
  require_empty(options.data);
  const BackupFolder folder{options.from};
  const std::string snapshot = folder.choose(options.snapshot);
  const Manifest manifest = read_manifest(folder.manifest(snapshot));
  const fs::path data = fs::absolute(options.data).lexically_normal();
  const Unfinished unfinished(data.has_filename() ? data : data.parent_path());
  options.progress("copying the database");
  const fs::path database = unfinished.path() / "checkerlab.db";
  take_database(folder, snapshot, manifest, database.string() + ".part");
  SystemFiles().commit(database.string() + ".part", database);
  take_artifacts(folder, snapshot, manifest, options, unfinished.path() / "artifacts");
  require_empty(options.data);
  SystemFiles().commit(unfinished.path(), options.data);
  return {snapshot, manifest.artifacts.size(), manifest.damaged};
}

}  // namespace checkerlab::coordinator
