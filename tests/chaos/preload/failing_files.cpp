// Preloaded into the coordinator: while the file named by CHECKERLAB_FAIL_WITH is there, writes and syncs of its
// database fail with the error number that stands in it.
#include <dlfcn.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace {

bool is_database(int fd) {
  std::array<char, 64> link{};
  std::array<char, 512> path{};
  std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", fd);
  return readlink(link.data(), path.data(), path.size() - 1) > 0 &&
         std::strstr(path.data(), "checkerlab.db") != nullptr;
}

// 0 when nothing is to fail.
int wanted_error(int fd) {
  const char* name = std::getenv("CHECKERLAB_FAIL_WITH");
  if (name == nullptr || access(name, R_OK) != 0 || !is_database(fd)) return 0;
  int number = 0;
  if (FILE* file = std::fopen(name, "r")) {
    if (std::fscanf(file, "%d", &number) != 1) number = 0;
    std::fclose(file);
  }
  return number;
}

// The C library's own function, unless it is to fail.
template <class Function, class... Arguments>
auto call(const char* name, int fd, Arguments... arguments) {
  using Result = decltype(std::declval<Function>()(fd, arguments...));
  if (const int refused = wanted_error(fd)) {
    errno = refused;
    return static_cast<Result>(-1);
  }
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name))(fd, arguments...);
}

}  // namespace

extern "C" {

ssize_t pwrite64(int fd, const void* bytes, size_t count, off64_t offset) {
  return call<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64", fd, bytes, count, offset);
}
ssize_t pwrite(int fd, const void* bytes, size_t count, off_t offset) {
  return call<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite", fd, bytes, count, offset);
}
int fsync(int fd) {
  return call<int (*)(int)>("fsync", fd);
}
int fdatasync(int fd) {
  return call<int (*)(int)>("fdatasync", fd);
}
}
