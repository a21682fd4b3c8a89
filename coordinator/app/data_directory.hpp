// The coordinator's data directory, locked for one process.
#pragma once

#include <cstdint>
#include <filesystem>

namespace checkerlab::coordinator {

// Makes the directory (owner-only) and locks it; the lock ends with the process or with this object. A second
// coordinator gets Error(conflict) that names the process which holds it.
class DataDirectory {
 public:
  explicit DataDirectory(std::filesystem::path path);
  ~DataDirectory();
  DataDirectory(const DataDirectory&) = delete;
  DataDirectory& operator=(const DataDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path database() const { return path_ / "checkerlab.db"; }
  std::filesystem::path artifacts() const { return path_ / "artifacts"; }
  std::filesystem::path log_file() const { return path_ / "logs" / "coordinator.jsonl"; }

 private:
  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace checkerlab::coordinator
