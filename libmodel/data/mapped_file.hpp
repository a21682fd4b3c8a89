#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace checkerlab::model {

// A file in the address space of the process: only what is touched is read. Movable; unmaps when destroyed. Reading
// from several threads is safe. The file must keep its length while it is mapped.
class MappedFile {
 public:
  MappedFile() = default;
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  // For reading, in no particular order. Throws Error (not_found, io_error).
  static MappedFile open(const std::filesystem::path& path);

  // A new file of that size for reading and writing, filled with zeros; all of it is reserved on the disk. Throws Error
  // (disk_full, io_error); nothing is left behind then.
  static MappedFile create(const std::filesystem::path& path, std::uint64_t bytes);

  [[nodiscard]] const std::uint8_t* data() const { return data_; }
  [[nodiscard]] std::uint8_t* data() { return data_; }  // writable only after `create`
  [[nodiscard]] std::uint64_t size() const { return size_; }

  // Lets go of the memory of what was touched; it is read again when it is touched again. For files from `open` alone.
  void forget() const;

 private:
  MappedFile(int file, std::uint64_t size, bool writable, const std::filesystem::path& path);

  std::uint8_t* data_ = nullptr;
  std::uint64_t size_ = 0;
};

}  // namespace checkerlab::model
