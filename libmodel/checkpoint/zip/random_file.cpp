#include "libmodel/checkpoint/zip/random_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"

namespace checkerlab::model {

RandomFile::RandomFile(std::filesystem::path path, ByteProgress on_read)
    : path_(std::move(path)), on_read_(std::move(on_read)) {
  descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) throw errno_error(errno, "read " + path_.string());
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor_);
    throw Error(ErrorCode::io_error, "read " + path_.string() + ": it is not a regular file");
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

RandomFile::~RandomFile() {
  ::close(descriptor_);
}

void RandomFile::read(std::uint64_t offset, void* into, std::uint64_t bytes) const {
  if (offset > size_ || bytes > size_ - offset)
    throw Error(ErrorCode::invalid_data, path_.string() + " ends too early: " + std::to_string(size_) + " bytes",
                "Copy or download it again");
  auto* place = static_cast<char*>(into);
  while (bytes > 0) {
    constexpr std::uint64_t kMost = 64u << 20;
    const ssize_t got = ::pread(descriptor_, place, std::min(bytes, kMost), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw errno_error(errno, "read " + path_.string());
    if (got == 0) throw Error(ErrorCode::io_error, "read " + path_.string() + ": it became shorter meanwhile");
    place += got;
    offset += static_cast<std::uint64_t>(got);
    bytes -= static_cast<std::uint64_t>(got);
    if (on_read_) on_read_(static_cast<std::uint64_t>(got));
  }
}

std::string RandomFile::read(std::uint64_t offset, std::uint64_t bytes) const {
  if (offset > size_ || bytes > size_ - offset)
    throw Error(ErrorCode::invalid_data, path_.string() + " ends too early: " + std::to_string(size_) + " bytes",
                "Copy or download it again");
  std::string text(bytes, '\0');
  read(offset, text.data(), bytes);
  return text;
}

}  // namespace checkerlab::model
