#include "libmodel/data/tar_stream.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "base/error.hpp"

namespace checkerlab::model {

namespace {

int open_file(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) throw errno_error(errno, "open the archive " + path.string());
  return file;
}

// Reads headers and contents where they lie, without a buffer: what is skipped is never read.
class PlainStream final : public TarStream {
 public:
  explicit PlainStream(const std::filesystem::path& path) : file_(open_file(path)) {
    struct stat status {};
    if (::fstat(file_, &status) == 0) size_ = static_cast<std::uint64_t>(status.st_size);
  }
  ~PlainStream() override { ::close(file_); }
  PlainStream(const PlainStream&) = delete;
  PlainStream& operator=(const PlainStream&) = delete;

  std::int64_t read(void* target, std::uint64_t size) override {
    std::uint64_t done = 0;
    while (done < size) {
      const auto got = ::pread(file_, static_cast<char*>(target) + done, size - done, static_cast<off_t>(at_));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) {
        error_ = std::strerror(errno);
        return -1;
      }
      if (got == 0) break;
      done += static_cast<std::uint64_t>(got);
      at_ += static_cast<std::uint64_t>(got);
    }
    return static_cast<std::int64_t>(done);
  }

  bool skip(std::uint64_t size) override {
    if (size > size_ || at_ > size_ - size) return false;
    at_ += size;
    return true;
  }

  std::string error() const override { return error_; }

 private:
  int file_;
  std::uint64_t size_ = 0;
  std::uint64_t at_ = 0;
  std::string error_;
};

class GzipStream final : public TarStream {
 public:
  explicit GzipStream(const std::filesystem::path& path) : file_(gzopen(path.c_str(), "rb")) {
    if (file_ == nullptr) throw errno_error(errno == 0 ? ENOMEM : errno, "open the archive " + path.string());
    gzbuffer(file_, 1 << 18);
  }
  ~GzipStream() override { gzclose_r(file_); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  std::int64_t read(void* target, std::uint64_t size) override {
    std::uint64_t done = 0;
    while (done < size) {
      const auto piece = static_cast<unsigned>(std::min<std::uint64_t>(size - done, 1 << 24));
      const int got = gzread(file_, static_cast<char*>(target) + done, piece);
      if (got < 0) return got;
      if (got == 0) return failed() ? -1 : static_cast<std::int64_t>(done);
      done += static_cast<std::uint64_t>(got);
    }
    return static_cast<std::int64_t>(done);
  }

  bool skip(std::uint64_t size) override {
    std::vector<char> sink(1 << 16);
    while (size > 0) {
      const auto piece = std::min<std::uint64_t>(size, sink.size());
      if (read(sink.data(), piece) != static_cast<std::int64_t>(piece)) return false;
      size -= piece;
    }
    return true;
  }

  std::string error() const override {
    int code = 0;
    return gzerror(file_, &code);
  }

 private:
  bool failed() const {
    int code = Z_OK;
    gzerror(file_, &code);
    return code != Z_OK && code != Z_STREAM_END;
  }

  gzFile file_;
};

}  // namespace

bool is_plain_archive(const std::filesystem::path& archive) {
  const int file = open_file(archive);
  std::array<unsigned char, 2> start{};
  const auto got = ::pread(file, start.data(), start.size(), 0);
  ::close(file);
  return got < 2 || start[0] != 0x1f || start[1] != 0x8b;
}

std::unique_ptr<TarStream> open_tar_stream(const std::filesystem::path& archive) {
  if (is_plain_archive(archive)) return std::make_unique<PlainStream>(archive);
  return std::make_unique<GzipStream>(archive);
}

}  // namespace checkerlab::model
