// Writing zip archives of stored entries, each entry's data aligned to 64 bytes as PyTorch does, zip64 where needed.
// The file appears complete or not at all. Not thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "libmodel/checkpoint/zip/archive.hpp"

namespace checkerlab::model {

class ArchiveWriter {
 public:
  // Throws Error (disk_full, io_error).
  explicit ArchiveWriter(std::filesystem::path file);
  ~ArchiveWriter();  // leaves nothing behind unless commit() was called
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  void add(const std::string& name, const void* data, std::uint64_t bytes);
  void add(const std::string& name, std::string_view data) { add(name, data.data(), data.size()); }
  // Writes the directory and moves the file into place, durably.
  void commit();

 private:
  struct Named {
    std::string name;
    ArchiveEntry entry;
  };
  void write(const void* data, std::uint64_t bytes);
  void write(const std::string& record) { write(record.data(), record.size()); }

  std::filesystem::path file_, temporary_;
  std::ofstream stream_;
  std::uint64_t place_ = 0;
  std::vector<Named> entries_;
  bool committed_ = false;
};

}  // namespace checkerlab::model
