// A streaming reader of tar archives: ustar, pax and GNU long names, plain or gzip-compressed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace checkerlab::model {

class TarStream;

// A regular file in an archive. The name is relative, with '/' between parts and no "." or ".." parts.
struct TarEntry {
  std::string name;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;  // of the content in the (uncompressed) archive
};

// Reads from front to back; to read again, open again. What is skipped of a plain archive is not read from the disk.
// Not thread-safe. Folders and global pax headers are passed over.
//
// Every call throws Error: not_found or io_error when the file cannot be opened or read; invalid_data when the archive
// is damaged or cut short, a name is absolute or leads out of the archive, or an entry is a link or a special file.
class TarReader {
 public:
  explicit TarReader(const std::filesystem::path& archive);
  ~TarReader();
  TarReader(const TarReader&) = delete;
  TarReader& operator=(const TarReader&) = delete;

  // The next regular file; what is left unread of the one before is skipped. Nothing at the end.
  std::optional<TarEntry> next();

  // The content of the current entry, once. Throws Error(too_large) above `limit` bytes.
  std::vector<std::uint8_t> read(std::uint64_t limit);

 private:
  struct Extensions;
  struct Header;

  std::optional<Header> read_header();
  std::string read_text(std::uint64_t size);
  void apply_pax(const std::string& records, Extensions& extensions) const;
  void skip_rest();
  [[noreturn]] void damaged(const std::string& reason) const;

  std::filesystem::path archive_;
  std::unique_ptr<TarStream> stream_;
  TarEntry entry_;
  std::uint64_t at_ = 0;       // bytes of the archive before what is read next
  std::uint64_t unread_ = 0;   // bytes of the current entry
  std::uint64_t padding_ = 0;  // bytes after it
};

}  // namespace checkerlab::model
