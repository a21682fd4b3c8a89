#include "libmodel/data/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/error.hpp"

namespace checkerlab::model {

namespace {

// Closes a descriptor at the end of a scope: a mapping outlives it.
class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags, const std::string& doing)
      : number(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (number < 0) throw errno_error(errno, doing + " " + path.string());
  }
  ~Descriptor() { ::close(number); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  const int number;
};

}  // namespace

MappedFile::MappedFile(int file, std::uint64_t size, bool writable, const std::filesystem::path& path) : size_(size) {
  if (size == 0) return;
  void* const address = ::mmap(nullptr, size, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, file, 0);
  if (address == MAP_FAILED) throw errno_error(errno, "map the file " + path.string());
  data_ = static_cast<std::uint8_t*>(address);
  if (!writable) ::madvise(address, size, MADV_RANDOM);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile MappedFile::open(const std::filesystem::path& path) {
  const Descriptor file(path, O_RDONLY, "read");
  struct stat status {};
  if (::fstat(file.number, &status) != 0) throw errno_error(errno, "read " + path.string());
  return {file.number, static_cast<std::uint64_t>(status.st_size), false, path};
}

void MappedFile::forget() const {
  if (data_ != nullptr) ::madvise(data_, size_, MADV_DONTNEED);
}

MappedFile MappedFile::create(const std::filesystem::path& path, std::uint64_t bytes) {
  const Descriptor file(path, O_RDWR | O_CREAT | O_TRUNC, "write");
  const int failure = bytes == 0 ? 0 : ::posix_fallocate(file.number, 0, static_cast<off_t>(bytes));
  if (failure != 0) {
    ::unlink(path.c_str());
    throw errno_error(failure, "reserve " + std::to_string(bytes) + " bytes for " + path.string());
  }
  return {file.number, bytes, true, path};
}

}  // namespace checkerlab::model
