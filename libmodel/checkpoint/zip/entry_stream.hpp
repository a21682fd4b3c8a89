// One entry of a zip archive from front to back, stored or deflated (RFC 1951), however large: memory stays the same.
//
// What the directory claims is not trusted: an entry that unpacks to less or more than it says is refused, and so is
// one that claims more than deflate can pack into its bytes. The CRC-32 is checked when the end is reached and nothing
// was left out on the way. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "libmodel/checkpoint/zip/archive.hpp"

namespace checkerlab::model {

class Inflater;

class EntryStream {
 public:
  // Throws Error(invalid_data) that names archive and entry: there is none, it is encrypted or packed in another way,
  // or its sizes cannot be right.
  EntryStream(std::shared_ptr<const Archive> archive, std::string name);
  ~EntryStream();
  EntryStream(EntryStream&&) noexcept;
  EntryStream& operator=(EntryStream&&) = delete;

  std::uint64_t size() const { return entry_.bytes; }  // unpacked
  std::uint64_t position() const { return position_; }
  std::uint64_t left() const { return entry_.bytes - position_; }

  // Exactly `bytes` from the position on. Throws Error: invalid_data (damaged, or beyond the end), io_error.
  void read(void* into, std::uint64_t bytes);
  // Goes to a place at or before the end. Free in stored entries; deflated ones are unpacked up to there, from the
  // start when it lies behind.
  void seek(std::uint64_t position);

 private:
  [[noreturn]] void refuse(const std::string& what) const;
  void check_sizes() const;
  void unpack(void* into, std::uint64_t bytes);
  void check_end();

  std::shared_ptr<const Archive> archive_;
  std::string name_;
  ArchiveEntry entry_;
  std::uint64_t begin_ = 0, position_ = 0;
  std::uint32_t crc_ = 0;
  bool all_seen_ = true;                // from the start up to the position, by crc_
  std::unique_ptr<Inflater> inflater_;  // null in stored entries
};

}  // namespace checkerlab::model
