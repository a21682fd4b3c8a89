#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.hpp"
#include "worker/agent/artifact_cache.hpp"

namespace checkerlab::worker {
namespace {

constexpr int kMostWorkers = 64;

// True when the lock was free; it stays held until the process ends.
bool try_lock(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) throw errno_error(errno, "open " + file.string());
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return true;
  ::close(fd);
  return false;
}

}  // namespace

std::filesystem::path claim_cache_folder(const std::filesystem::path& root) {
  for (int number = 0; number < kMostWorkers; ++number) {
    auto folder = root / ("worker-" + std::to_string(number));
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) throw errno_error(failed.value(), "make the cache folder " + folder.string());
    if (try_lock(folder / "lock")) return folder;
  }
  throw Error(ErrorCode::conflict,
              "all " + std::to_string(kMostWorkers) + " cache folders below " + root.string() + " are in use",
              "name another folder with --cache");
}

}  // namespace checkerlab::worker
