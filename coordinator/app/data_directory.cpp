#include "coordinator/app/data_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "base/error.hpp"

namespace checkerlab::coordinator {
namespace {

std::string holder_of(int lock) {
  std::array<char, 32> text{};
  const auto count = ::pread(lock, text.data(), text.size() - 1, 0);
  if (count <= 0) return "another process";
  return "process " + std::string(text.data(), static_cast<std::size_t>(count));
}

void write_pid(int lock) {
  const auto pid = std::to_string(::getpid());
  if (::ftruncate(lock, 0) != 0 || ::pwrite(lock, pid.data(), pid.size(), 0) < 0)
    throw errno_error(errno, "write the lock file");
}

}  // namespace

DataDirectory::DataDirectory(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code error;
  const bool fresh = std::filesystem::create_directories(path_, error);
  if (error) throw errno_error(error.value(), "make the data directory " + path_.string());
  if (fresh) std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
  std::filesystem::create_directories(log_file().parent_path());
  const auto lock_file = path_ / "lock";
  lock_ = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) throw errno_error(errno, "open " + lock_file.string());
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    const auto holder = holder_of(lock_);
    ::close(lock_);
    throw Error(ErrorCode::conflict,
                "the data directory " + path_.string() + " is in use by " + holder + ", another coordinator",
                "Use that one, stop it, or choose another directory with --data DIR.");
  }
  write_pid(lock_);
}

DataDirectory::~DataDirectory() {
  ::close(lock_);
}

}  // namespace checkerlab::coordinator
