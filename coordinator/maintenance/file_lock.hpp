// A lock on a folder among processes, held by an open file in it; it ends with the object or the process.
#pragma once

#include <filesystem>
#include <string>

namespace checkerlab::coordinator {

class FileLock {
 public:
  enum class Kind { shared, exclusive };

  // Makes the file. Throws Error(conflict) saying that `who` is at work when another process holds a lock that does not
  // go together with this one.
  FileLock(const std::filesystem::path& file, Kind kind, const std::string& who);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace checkerlab::coordinator
