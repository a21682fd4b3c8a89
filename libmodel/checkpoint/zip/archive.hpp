// Reading zip archives whose entries are stored as they are, as PyTorch writes them (zip64 included). Offsets and sizes
// are checked against the file before anything is read, and every entry's CRC-32 when it is.
//
// Format: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5.3. Thread-safe after construction.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "libmodel/checkpoint/zip/random_file.hpp"

namespace checkerlab::model {

struct ArchiveEntry {
  std::uint64_t header = 0;  // offset of the local header
  std::uint64_t bytes = 0;
  std::uint32_t crc = 0;
  bool stored = true;  // as it is; compressed entries are known by name, but not read
};

class Archive {
 public:
  // True when the file begins as a zip archive does.
  static bool recognises(const RandomFile& file);

  // Throws Error(invalid_data) that names the file and what is wrong with it.
  explicit Archive(std::shared_ptr<const RandomFile> file);

  const std::map<std::string, ArchiveEntry>& entries() const { return entries_; }
  // Throws Error(invalid_data) when there is none of that name, and when it is compressed.
  const ArchiveEntry& entry(const std::string& name) const;
  // Reads an entry into memory of exactly its size and checks it.
  void read(const std::string& name, void* into) const;
  std::string read(const std::string& name) const;

 private:
  struct Directory {
    std::uint64_t offset = 0, bytes = 0, entries = 0;
  };
  [[noreturn]] void refuse(const std::string& what) const;
  Directory find_directory() const;
  Directory zip64_directory(std::uint64_t locator) const;
  void read_directory(const Directory& directory);
  void add_entry(const std::string& name, std::string_view header, std::string_view extra);

  std::shared_ptr<const RandomFile> file_;
  std::map<std::string, ArchiveEntry> entries_;
};

}  // namespace checkerlab::model
