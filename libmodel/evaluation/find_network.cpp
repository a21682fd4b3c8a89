#include <algorithm>
#include <cstdlib>

#include "base/error.hpp"
#include "libmodel/evaluation/feature_network.hpp"

namespace checkerlab::model {
namespace {

namespace fs = std::filesystem;

// Files of a folder in order of their names; none where there is no such folder.
std::vector<fs::path> files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end; entry.increment(failure)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored)) files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string listed(const std::vector<fs::path>& paths) {
  constexpr std::size_t kMost = 20;
  std::string text;
  for (std::size_t i = 0; i < paths.size() && i < kMost; ++i)
    text += (i > 0 ? ", " : "") + paths[i].string();
  return paths.size() > kMost ? text + " and " + std::to_string(paths.size() - kMost) + " more" : text;
}

[[noreturn]] void not_found(const std::string& name, const std::vector<fs::path>& folders) {
  std::vector<fs::path> files;
  for (const fs::path& folder : folders) {
    const auto found = files_of(folder);
    files.insert(files.end(), found.begin(), found.end());
  }
  throw Error(ErrorCode::not_found,
              "there is no feature network '" + name + "': neither a file of that path nor one of that name in " +
                  (folders.empty() ? "any folder (none is configured)" : listed(folders)),
              files.empty() ? "Give the path of a file, or put it into one of these folders (CHECKERLAB_NETWORKS "
                              "names others)"
                            : "Known are " + listed(files));
}

}  // namespace

std::vector<fs::path> network_folders(const fs::path& data) {
  const char* configured = std::getenv("CHECKERLAB_NETWORKS");
  if (configured == nullptr || *configured == '\0') return {data / "networks"};
  std::vector<fs::path> folders;
  std::string_view rest(configured);
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    if (end > 0) folders.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return folders;
}

fs::path find_network(const std::string& name_or_path, const std::vector<fs::path>& folders) {
  if (name_or_path.empty())
    throw Error(ErrorCode::invalid_argument, "the name of the feature network is empty", "Give a path or a name");
  std::error_code ignored;
  if (fs::is_regular_file(name_or_path, ignored)) return name_or_path;
  if (name_or_path.find('/') != std::string::npos) not_found(name_or_path, folders);
  for (const fs::path& folder : folders) {
    std::vector<fs::path> fitting;
    for (const fs::path& file : files_of(folder)) {
      if (file.filename() == name_or_path) return file;
      if (file.stem() == name_or_path) fitting.push_back(file);
    }
    if (fitting.size() > 1)
      throw Error(ErrorCode::invalid_argument,
                  "the name '" + name_or_path + "' fits several feature networks: " + listed(fitting),
                  "Give the name with its extension");
    if (!fitting.empty()) return fitting.front();
  }
  not_found(name_or_path, folders);
}

}  // namespace checkerlab::model
