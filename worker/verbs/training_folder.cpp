#include "worker/verbs/training_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/canonical_json.hpp"
#include "base/error.hpp"
#include "base/files.hpp"

namespace checkerlab::worker {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

Json read_identity(const fs::path& file) {
  SystemFiles files;
  if (!files.exists(file)) return nullptr;
  const Json json = Json::parse(files.read(file), nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_object())
    throw Error(ErrorCode::invalid_data, file.string() + " is broken", "Name another folder with --out");
  return json;
}

std::string changed_keys(const Json& before, const Json& now) {
  std::string keys;
  for (const auto& [key, value] : now.items()) {
    if (before.contains(key) && canonical_json(before.at(key)) == canonical_json(value)) continue;
    keys += (keys.empty() ? "" : ", ") + key;
  }
  return keys;
}

}  // namespace

TrainingFolder::TrainingFolder(fs::path path, bool owner) : path_(std::move(path)) {
  if (!owner) return;
  std::error_code failure;
  fs::create_directories(path_, failure);
  if (failure) throw errno_error(failure.value(), "make the folder " + path_.string());
  const fs::path file = path_ / ".lock";
  lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0) throw errno_error(errno, "write " + file.string());
  if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return;
  ::close(lock_);
  throw Error(ErrorCode::conflict, "another process trains in " + path_.string(),
              "Wait until it ends, or name another folder with --out");
}

TrainingFolder::~TrainingFolder() {
  if (lock_ >= 0) ::close(lock_);
}

std::optional<fs::path> TrainingFolder::begin(const Json& identity, Beginning beginning, bool accept_changes) {
  SystemFiles files;
  remove_unfinished_checkpoints();
  if (beginning == Beginning::restart) {
    for (const fs::path& old : {checkpoint(), model(), path_ / "report.json"})
      files.remove(old);
  }
  const bool begun = files.exists(checkpoint());
  if (!begun && beginning == Beginning::resume)
    throw Error(ErrorCode::not_found, path_.string() + " holds no checkpoint to continue from",
                "Leave --resume out to begin");
  const fs::path note = path_ / "run.json";
  const Json before = read_identity(note);
  const std::string changed = before.is_null() ? "everything" : changed_keys(before, identity);
  if (begun && !changed.empty() && !accept_changes)
    throw Error(ErrorCode::version_mismatch, path_.string() + " holds a run of another recipe: " + changed + " differ",
                "Name another folder with --out, begin anew with --restart, or continue with the changes with "
                "--accept-changes");
  if (!changed.empty()) fs::remove_all(tokens());
  files.write_atomic(note, identity.dump(2) + "\n", 0644);
  if (begun) return checkpoint();
  files.remove(metrics());
  return std::nullopt;
}

// What a process that was killed while writing left behind.
void TrainingFolder::remove_unfinished_checkpoints() const {
  const std::string beginning = checkpoint().filename().string() + ".tmp";
  for (const auto& entry : fs::directory_iterator(path_)) {
    if (entry.path().filename().string().starts_with(beginning)) fs::remove(entry.path());
  }
}

void TrainingFolder::write_report(const Json& report) const {
  SystemFiles().write_atomic(path_ / "report.json", report.dump(2) + "\n", 0644);
}

}  // namespace checkerlab::worker
