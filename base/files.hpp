// Files behind a seam, so that tests can inject a full disk or a failing device. Files that others read arrive as
// temporary → synced → renamed: a reader sees the old content or the new, never a part.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace checkerlab {

// Implementations are thread-safe. Every function throws Error (not_found, disk_full, io_error) that names the path.
class Files {
 public:
  virtual ~Files() = default;

  virtual std::string read(const std::filesystem::path& file) = 0;
  // Replaces `file` atomically and durably; `mode` are its permission bits. On failure nothing is left behind.
  virtual void write_atomic(const std::filesystem::path& file, std::string_view data, unsigned mode = 0644) = 0;
  // Moves a finished temporary into place on the same file system, durably.
  virtual void commit(const std::filesystem::path& temporary, const std::filesystem::path& file) = 0;
  virtual void remove(const std::filesystem::path& file) = 0;  // no error if it is not there
  virtual bool exists(const std::filesystem::path& file) = 0;
  virtual std::uintmax_t free_bytes(const std::filesystem::path& folder) = 0;
};

class SystemFiles final : public Files {
 public:
  std::string read(const std::filesystem::path& file) override;
  void write_atomic(const std::filesystem::path& file, std::string_view data, unsigned mode) override;
  void commit(const std::filesystem::path& temporary, const std::filesystem::path& file) override;
  void remove(const std::filesystem::path& file) override;
  bool exists(const std::filesystem::path& file) override;
  std::uintmax_t free_bytes(const std::filesystem::path& folder) override;
};

// A fresh private folder, removed with everything in it by the destructor. Movable.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& prefix = "checkerlab");
  ~TemporaryFolder();
  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace checkerlab
