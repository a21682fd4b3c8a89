#include "base/fingerprint.hpp"

#include <algorithm>
#include <system_error>
#include <vector>

#include "base/error.hpp"
#include "base/sha256.hpp"

namespace checkerlab {

namespace fs = std::filesystem;

namespace {

struct NamedFile {
  std::string name;
  fs::path path;
};

[[noreturn]] void unreadable(const fs::path& path, const std::string& reason) {
  throw Error(ErrorCode::io_error, "cannot read " + path.string() + ": " + reason,
              "Check the path and its permissions.");
}

void add_entry(const fs::path& root, const fs::directory_entry& entry, std::vector<NamedFile>& files) {
  std::error_code error;
  if (entry.is_symlink(error) && entry.is_directory(error)) {
    throw Error(ErrorCode::invalid_argument, entry.path().string() + " is a link to a folder",
                "Copy the folder, or give the path of the real one.");
  }
  if (entry.is_regular_file(error)) {
    files.push_back({entry.path().lexically_relative(root).generic_string(), entry.path()});
  } else if (entry.is_symlink(error)) {
    unreadable(entry.path(), "the link leads nowhere");
  }
}

std::vector<NamedFile> files_below(const fs::path& root) {
  std::error_code error;
  std::vector<NamedFile> files;
  for (fs::recursive_directory_iterator it(root, error), end; !error && it != end; it.increment(error)) {
    add_entry(root, *it, files);
  }
  if (error) unreadable(root, error.message());
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

std::vector<NamedFile> files_of(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) {
    throw Error(ErrorCode::not_found, "the data set " + path.string() + " does not exist", "Check the path.");
  }
  if (fs::is_regular_file(status)) return {{path.filename().string(), path}};
  if (!fs::is_directory(status)) unreadable(path, "it is neither a file nor a folder");
  return files_below(path);
}

}  // namespace

Fingerprint fingerprint(const fs::path& path, const std::function<void(const Fingerprint&)>& on_file) {
  const auto files = files_of(path);
  if (files.empty()) throw Error(ErrorCode::invalid_argument, "the folder " + path.string() + " holds no file");
  Fingerprint result;
  Sha256 hash;
  for (const auto& file : files) {
    std::error_code error;
    const auto size = fs::file_size(file.path, error);
    if (error) unreadable(file.path, error.message());
    const auto text = std::to_string(size);
    hash.update(file.name.c_str(), file.name.size() + 1);
    hash.update(text.c_str(), text.size() + 1);
    hash.update(sha256_file(file.path) + "\n");
    result.files += 1;
    result.bytes += size;
    if (on_file) on_file(result);
  }
  result.sha256 = hash.hex();
  return result;
}

std::string content_sha256(const fs::path& path) {
  return fingerprint(path).sha256;
}

}  // namespace checkerlab
