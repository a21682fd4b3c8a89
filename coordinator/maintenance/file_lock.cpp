#include "coordinator/maintenance/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.hpp"

namespace checkerlab::coordinator {

FileLock::FileLock(const std::filesystem::path& file, Kind kind, const std::string& who)
    : fd_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (fd_ < 0) throw errno_error(errno, "open " + file.string());
  if (::flock(fd_, (kind == Kind::shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0) return;
  ::close(fd_);
  throw Error(ErrorCode::conflict, who + " is at work on " + file.parent_path().string(), "Wait until it has ended.");
}

FileLock::~FileLock() {
  ::close(fd_);
}

}  // namespace checkerlab::coordinator
