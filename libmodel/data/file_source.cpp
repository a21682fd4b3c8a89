#include "libmodel/data/file_source.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "libmodel/data/tar_reader.hpp"

namespace checkerlab::model {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxFile = std::uint64_t{1} << 32;

void sort_by_name(std::vector<SourceFile>& files) {
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
}

class FolderSource final : public FileSource {
 public:
  explicit FolderSource(fs::path root) : root_(std::move(root)) {}

  std::vector<SourceFile> list(const std::function<void()>& poll) override {
    std::vector<SourceFile> files;
    std::error_code error;
    for (fs::recursive_directory_iterator it(root_, error), end; !error && it != end; it.increment(error)) {
      if (!it->is_regular_file(error)) continue;
      files.push_back({it->path().lexically_relative(root_).generic_string(), it->file_size(error)});
      if (files.size() % 1024 == 0) poll();
    }
    if (error) throw Error(ErrorCode::io_error, "cannot list the folder " + root_.string() + ": " + error.message());
    sort_by_name(files);
    return files;
  }

  void read(const Wanted& wanted, const Sink& sink) override {
    for (const auto& file : list([] {})) {
      if (wanted(file.name)) sink(file.name, content(root_ / file.name, file.bytes));
    }
  }

 private:
  static std::vector<std::uint8_t> content(const fs::path& path, std::uint64_t size) {
    if (size > kMaxFile) throw Error(ErrorCode::too_large, "the file " + path.string() + " is larger than 4 GiB");
    std::ifstream file(path, std::ios::binary);
    std::vector<std::uint8_t> bytes(size);
    if (!file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size))) {
      throw Error(ErrorCode::io_error, "cannot read the file " + path.string(), "Check its permissions.");
    }
    return bytes;
  }

  fs::path root_;
};

// The entries of an archive; `split`, where not empty, becomes their first part unless it is already.
class TarSource final : public FileSource {
 public:
  TarSource(fs::path archive, std::string split) : archive_(std::move(archive)), split_(std::move(split)) {}

  std::vector<SourceFile> list(const std::function<void()>& poll) override {
    std::vector<SourceFile> files;
    TarReader reader(archive_);
    while (const auto entry = reader.next()) {
      files.push_back({full_name(entry->name), entry->size});
      if (files.size() % 1024 == 0) poll();
    }
    sort_by_name(files);
    return files;
  }

  void read(const Wanted& wanted, const Sink& sink) override {
    TarReader reader(archive_);
    while (const auto entry = reader.next()) {
      const auto name = full_name(entry->name);
      if (wanted(name)) sink(name, reader.read(kMaxFile));
    }
  }

 private:
  std::string full_name(const std::string& name) const {
    return split_.empty() || name.starts_with(split_ + "/") ? name : split_ + "/" + name;
  }

  fs::path archive_;
  std::string split_;
};

class JoinedSource final : public FileSource {
 public:
  explicit JoinedSource(std::vector<std::unique_ptr<FileSource>> parts) : parts_(std::move(parts)) {}

  std::vector<SourceFile> list(const std::function<void()>& poll) override {
    std::vector<SourceFile> files;
    for (const auto& part : parts_) {
      auto more = part->list(poll);
      std::move(more.begin(), more.end(), std::back_inserter(files));
    }
    sort_by_name(files);
    return files;
  }

  void read(const Wanted& wanted, const Sink& sink) override {
    for (const auto& part : parts_)
      part->read(wanted, sink);
  }

 private:
  std::vector<std::unique_ptr<FileSource>> parts_;
};

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

std::unique_ptr<FileSource> open_archives(const std::vector<fs::path>& archives, const fs::path& folder) {
  const bool all_splits = std::all_of(archives.begin(), archives.end(),
                                      [](const auto& archive) { return is_split(*archive_stem(archive)); });
  if (all_splits) {
    std::vector<std::unique_ptr<FileSource>> parts;
    for (const auto& archive : archives)
      parts.push_back(std::make_unique<TarSource>(archive, *archive_stem(archive)));
    return std::make_unique<JoinedSource>(std::move(parts));
  }
  if (archives.size() == 1) return std::make_unique<TarSource>(archives.front(), "");
  throw Error(ErrorCode::invalid_argument,
              "the folder " + folder.string() + " holds " + std::to_string(archives.size()) +
                  " archives that are not named train, test or val",
              "Give the path of one of them.");
}

std::unique_ptr<FileSource> open_folder(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> archives;
  bool has_folders = false;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    has_folders = has_folders || it->is_directory(error);
    if (archive_stem(it->path())) archives.push_back(it->path());
  }
  if (error) {
    throw Error(ErrorCode::io_error, "cannot read the folder " + folder.string() + ": " + error.message(),
                "Check its permissions.");
  }
  std::sort(archives.begin(), archives.end());
  if (archives.empty() || has_folders) return std::make_unique<FolderSource>(folder);
  return open_archives(archives, folder);
}

}  // namespace

std::unique_ptr<FileSource> open_source(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) {
    throw Error(ErrorCode::not_found, "the data set " + path.string() + " does not exist",
                "Check dataset.path; it is read on the machine of the worker.");
  }
  if (fs::is_directory(status)) return open_folder(path);
  return std::make_unique<TarSource>(path, "");
}

}  // namespace checkerlab::model
