// Reading zip archives (zip64 included). This class reads entries that are stored as they are, as PyTorch writes them;
// zip/entry_stream.hpp reads deflated ones too. Offsets and sizes are checked against the file before anything is read,
// and every entry's CRC-32 when it is.
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
  std::uint64_t bytes = 0;   // unpacked
  std::uint32_t crc = 0;     // of them
  bool stored = true;        // as it is
  std::uint64_t packed = 0;  // bytes in the archive
  std::uint16_t method = 0;  // how they are packed
  bool encrypted = false;
};

class Archive {
 public:
  // True when the file begins as a zip archive does.
  static bool recognises(const RandomFile& file);

  // Throws Error(invalid_data) that names the file and what is wrong with it.
  explicit Archive(std::shared_ptr<const RandomFile> file);

  const std::map<std::string, ArchiveEntry>& entries() const { return entries_; }
  const RandomFile& file() const { return *file_; }
  // Where the contents of an entry begin, packed or not. Throws Error(invalid_data) when they are not there.
  std::uint64_t contents(const std::string& name, const ArchiveEntry& entry) const;
  // Throws Error(invalid_data) that names the archive.
  [[noreturn]] void refuse(const std::string& what) const;
  // Throws Error(invalid_data) when there is none of that name, and when it is compressed.
  const ArchiveEntry& entry(const std::string& name) const;
  // Reads an entry into memory of exactly its size and checks it.
  void read(const std::string& name, void* into) const;
  std::string read(const std::string& name) const;

 private:
  struct Directory {
    std::uint64_t offset = 0, bytes = 0, entries = 0;
  };
  Directory find_directory() const;
  Directory zip64_directory(std::uint64_t locator) const;
  void read_directory(const Directory& directory);
  void add_entry(const std::string& name, std::string_view header, std::string_view extra);

  std::shared_ptr<const RandomFile> file_;
  std::map<std::string, ArchiveEntry> entries_;
};

}  // namespace checkerlab::model
