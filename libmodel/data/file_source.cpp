#include "libmodel/data/file_source.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "libmodel/data/brace_path.hpp"
#include "libmodel/data/folder_source.hpp"
#include "libmodel/data/tar_source.hpp"

namespace checkerlab::model {

namespace fs = std::filesystem;

namespace {

// "train" of "train.tar.gz"; nothing for files that are no archives.
std::optional<std::string> archive_stem(const fs::path& path) {
  const auto name = path.filename().string();
  for (const std::string_view ending : {".tar.gz", ".tgz", ".tar"}) {
    if (name.ends_with(ending) && name.size() > ending.size()) return name.substr(0, name.size() - ending.size());
  }
  return std::nullopt;
}

bool is_split(const std::string& stem) {
  return stem == "train" || stem == "test" || stem == "val";
}

// STEM-DIGITS
bool is_shard(const std::string& stem) {
  const auto dash = stem.rfind('-');
  return dash != std::string::npos && dash > 0 && dash + 1 < stem.size() &&
         stem.find_first_not_of("0123456789", dash + 1) == std::string::npos;
}

// What lies in a folder, sorted, without hidden files.
struct Contents {
  std::vector<fs::path> archives;
  std::vector<fs::path> folders;
};

Contents contents_of(const fs::path& folder) {
  Contents contents;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().filename().string().starts_with(".")) continue;
    if (it->is_directory(error)) {
      contents.folders.push_back(it->path());
    } else if (archive_stem(it->path())) {
      contents.archives.push_back(it->path());
    }
  }
  if (error) {
    throw Error(ErrorCode::io_error, "cannot read the folder " + folder.string() + ": " + error.message(),
                "Check its permissions.");
  }
  std::sort(contents.archives.begin(), contents.archives.end());
  std::sort(contents.folders.begin(), contents.folders.end());
  return contents;
}

// Archives of a data set; `prefix` comes before the shards' names.
std::vector<TarArchive> name_archives(const std::vector<fs::path>& paths, const std::string& prefix,
                                      const fs::path& folder) {
  std::vector<TarArchive> archives;
  const auto all = [&](bool (*holds)(const std::string&)) {
    return std::all_of(paths.begin(), paths.end(), [&](const auto& path) { return holds(*archive_stem(path)); });
  };
  const bool named = all(is_split) || all(is_shard);
  for (const auto& path : paths) {
    const auto stem = named ? *archive_stem(path) : "";
    archives.push_back({path, prefix.empty() || stem.empty() ? prefix + stem : prefix + "/" + stem});
  }
  if (named || paths.size() == 1) return archives;
  throw Error(ErrorCode::invalid_argument,
              "the folder " + folder.string() + " holds " + std::to_string(paths.size()) +
                  " archives that are not named train, test or val, nor numbered as shards (NAME-000000.tar)",
              "Give the path of one of them.");
}

// The archives in the folders train, val and test; none where the folders hold something else.
std::vector<TarArchive> archives_of_splits(const std::vector<fs::path>& folders) {
  std::vector<TarArchive> archives;
  for (const auto& folder : folders) {
    const auto split = folder.filename().string();
    if (!is_split(split)) return {};
    const auto contents = contents_of(folder);
    if (contents.archives.empty() || !contents.folders.empty()) return {};
    for (auto& archive : name_archives(contents.archives, split, folder))
      archives.push_back(std::move(archive));
  }
  return archives;
}

std::unique_ptr<FileSource> open_folder(const fs::path& folder) {
  const auto contents = contents_of(folder);
  auto archives = contents.archives.empty() ? archives_of_splits(contents.folders) : std::vector<TarArchive>{};
  if (!contents.archives.empty() && contents.folders.empty()) archives = name_archives(contents.archives, "", folder);
  if (archives.empty()) return std::make_unique<FolderSource>(folder);
  return std::make_unique<TarSource>(std::move(archives));
}

}  // namespace

std::unique_ptr<FileSource> open_source(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) {
    const auto shards = expand_brace(path);
    if (!shards.empty()) return std::make_unique<TarSource>(name_archives(shards, "", path));
    throw Error(ErrorCode::not_found, "the data set " + path.string() + " does not exist",
                "Check dataset.path; it is read on the machine of the worker.");
  }
  if (fs::is_directory(status)) return open_folder(path);
  return std::make_unique<TarSource>(std::vector<TarArchive>{{path, ""}});
}

const SourceFile* find_file(const std::vector<SourceFile>& files, const std::string& name) {
  const auto found = std::lower_bound(files.begin(), files.end(), name,
                                      [](const SourceFile& file, const std::string& key) { return file.name < key; });
  return found == files.end() || found->name != name ? nullptr : &*found;
}

}  // namespace checkerlab::model
