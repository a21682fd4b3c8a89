#include "coordinator/maintenance/store_artifact.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.hpp"

namespace checkerlab::coordinator {
namespace {

constexpr std::size_t kChunk = 1 << 20;

class Source {
 public:
  explicit Source(const std::filesystem::path& path) : path_(path), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) throw errno_error(errno, "read " + path_.string());
  }
  ~Source() { ::close(fd_); }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  // Nothing at the end.
  std::size_t read(std::string& chunk) const {
    while (true) {
      const auto count = ::read(fd_, chunk.data(), chunk.size());
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) throw errno_error(errno, "read " + path_.string());
    }
  }

 private:
  const std::filesystem::path path_;
  int fd_;
};

// True when the link was made.
bool try_link(const ArtifactStore& store, const std::string& sha256, const std::filesystem::path& source) {
  if (const auto actual = sha256_file(source); actual != sha256) {
    throw Error(ErrorCode::invalid_data, "the bytes of " + source.string() + " have the hash " + actual);
  }
  const auto target = store.path(sha256);
  std::filesystem::create_directories(target.parent_path());
  if (::link(source.c_str(), target.c_str()) == 0) return true;
  if (errno == EXDEV || errno == EMLINK || errno == EPERM) return false;
  throw errno_error(errno, "link " + target.string());
}

void copy(ArtifactStore& store, const std::string& sha256, std::uint64_t bytes, const std::filesystem::path& source) {
  const Source file(source);
  const auto incoming = store.receive(sha256, bytes);
  std::string chunk(kChunk, '\0');
  while (const std::size_t count = file.read(chunk))
    incoming->write({chunk.data(), count});
  incoming->commit();
}

}  // namespace

void store_artifact(ArtifactStore& store, const std::string& sha256, std::uint64_t bytes,
                    const std::filesystem::path& source, bool hard_link) {
  std::error_code error;
  const auto size = std::filesystem::file_size(source, error);
  if (error) throw errno_error(error.value(), "read " + source.string());
  if (size != bytes) {
    throw Error(ErrorCode::invalid_data,
                source.string() + " has " + std::to_string(size) + " bytes instead of " + std::to_string(bytes));
  }
  if (hard_link && try_link(store, sha256, source)) return;
  copy(store, sha256, bytes, source);
}

}  // namespace checkerlab::coordinator
