#include "libmodel/data/folder_source.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"

namespace checkerlab::model {

namespace fs = std::filesystem;

std::vector<std::uint8_t> read_range(const fs::path& path, std::uint64_t offset, std::uint64_t size) {
  if (size > kMaxSourceFile) throw Error(ErrorCode::too_large, "the file " + path.string() + " is larger than 4 GiB");
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) throw errno_error(errno, "read the file " + path.string());
  std::vector<std::uint8_t> bytes(size);
  std::uint64_t done = 0;
  int failure = 0;
  while (done < size && failure == 0) {
    const auto got = ::pread(file, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
    if (got > 0) done += static_cast<std::uint64_t>(got);
    if (got < 0 && errno != EINTR) failure = errno;
    if (got == 0) break;
  }
  ::close(file);
  if (failure != 0) throw errno_error(failure, "read the file " + path.string());
  if (done < size) {
    throw Error(ErrorCode::io_error, "the file " + path.string() + " became shorter while it was read",
                "Leave the data set alone while it is read.");
  }
  return bytes;
}

void sort_by_name(std::vector<SourceFile>& files) {
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
}

std::vector<SourceFile> FolderSource::list(const std::function<void()>& poll) {
  std::vector<SourceFile> files;
  std::error_code error;
  const auto options = fs::directory_options::follow_directory_symlink;
  for (fs::recursive_directory_iterator it(root_, options, error), end; !error && it != end; it.increment(error)) {
    if (!it->is_regular_file(error)) continue;
    files.push_back({it->path().lexically_relative(root_).generic_string(), it->file_size(error)});
    if (files.size() % 1024 == 0) poll();
  }
  if (error) throw Error(ErrorCode::io_error, "cannot list the folder " + root_.string() + ": " + error.message());
  sort_by_name(files);
  return files;
}

void FolderSource::read(const Wanted& wanted, const Sink& sink) {
  for (const auto& file : list([] {})) {
    if (wanted(file.name)) sink(file.name, content(file));
  }
}

std::vector<std::uint8_t> FolderSource::content(const SourceFile& file) const {
  return read_range(root_ / file.name, 0, file.bytes);
}

}  // namespace checkerlab::model
