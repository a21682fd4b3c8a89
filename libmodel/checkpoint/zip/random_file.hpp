// A file that is read at given places. Thread-safe (pread).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace checkerlab::model {

// Told that so many bytes more are done; may throw to stop the work.
using ByteProgress = std::function<void(std::uint64_t bytes)>;

class RandomFile {
 public:
  // `on_read` is called by the thread that reads, for at most 64 MiB at once. Throws Error (not_found, io_error) naming
  // the file.
  explicit RandomFile(std::filesystem::path path, ByteProgress on_read = {});
  ~RandomFile();
  RandomFile(const RandomFile&) = delete;
  RandomFile& operator=(const RandomFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size() const { return size_; }
  // Exactly `bytes` from `offset`. Throws Error: invalid_data (beyond the end), io_error.
  void read(std::uint64_t offset, void* into, std::uint64_t bytes) const;
  std::string read(std::uint64_t offset, std::uint64_t bytes) const;

 private:
  std::filesystem::path path_;
  ByteProgress on_read_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace checkerlab::model
