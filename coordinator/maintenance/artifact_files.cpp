#include "coordinator/maintenance/artifact_files.hpp"

#include "base/error.hpp"
#include "base/sha256.hpp"

namespace checkerlab::coordinator {
namespace {

namespace fs = std::filesystem;

bool is_artifact(const fs::path& inside) {
  const std::string name = inside.filename().string();
  return is_sha256_hex(name) && inside.parent_path() == name.substr(0, 2);
}

void sort_in(ArtifactFiles& files, const fs::path& inside, FoundFile found) {
  if (*inside.begin() == "incoming") {
    files.temporaries.push_back(std::move(found));
  } else if (is_artifact(inside)) {
    files.artifacts.emplace(inside.filename().string(), std::move(found));
  } else {
    files.strangers.push_back(std::move(found));
  }
}

}  // namespace

ArtifactFiles list_artifact_files(const fs::path& folder) {
  ArtifactFiles files;
  std::error_code error;
  if (!fs::exists(folder, error)) return files;
  fs::recursive_directory_iterator place(folder, error);
  for (; !error && place != fs::recursive_directory_iterator(); place.increment(error)) {
    std::error_code gone;
    if (place->is_directory(gone) || gone) continue;
    FoundFile found{place->path(), place->file_size(gone), {}};
    if (!gone) found.changed = place->last_write_time(gone);
    if (!gone) sort_in(files, place->path().lexically_relative(folder), std::move(found));
  }
  if (error) throw errno_error(error.value(), "list " + folder.string());
  return files;
}

}  // namespace checkerlab::coordinator
