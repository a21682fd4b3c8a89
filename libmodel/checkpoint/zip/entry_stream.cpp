#include "libmodel/checkpoint/zip/entry_stream.hpp"

#include <zlib.h>

#include <algorithm>
#include <vector>

#include "libmodel/checkpoint/printable.hpp"
#include "libmodel/checkpoint/zip/inflater.hpp"

namespace checkerlab::model {
namespace {

constexpr std::uint16_t kDeflated = 8;
constexpr std::uint64_t kMostUnpacked = 1032;  // bytes out of one, by the format of deflate

const ArchiveEntry& find(const Archive& archive, const std::string& name) {
  const auto found = archive.entries().find(name);
  if (found == archive.entries().end()) archive.refuse("it has no entry '" + printable(name) + "'");
  return found->second;
}

}  // namespace

EntryStream::EntryStream(std::shared_ptr<const Archive> archive, std::string name)
    : archive_(std::move(archive)), name_(std::move(name)), entry_(find(*archive_, name_)) {
  check_sizes();
  begin_ = archive_->contents(name_, entry_);
  if (!entry_.stored) inflater_ = std::make_unique<Inflater>(archive_->file(), begin_, entry_.packed);
}

EntryStream::~EntryStream() = default;
EntryStream::EntryStream(EntryStream&&) noexcept = default;

void EntryStream::refuse(const std::string& what) const {
  archive_->refuse("its entry '" + printable(name_) + "' " + what);
}

void EntryStream::check_sizes() const {
  if (entry_.encrypted) refuse("is encrypted");
  if (!entry_.stored && entry_.method != kDeflated)
    refuse("is packed by method " + std::to_string(entry_.method) + "; stored and deflated ones are read");
  const bool possible = entry_.stored ? entry_.packed == entry_.bytes : entry_.bytes / kMostUnpacked <= entry_.packed;
  if (!possible)
    refuse("claims " + std::to_string(entry_.bytes) + " bytes, which cannot come out of " +
           std::to_string(entry_.packed));
}

void EntryStream::read(void* into, std::uint64_t bytes) {
  if (bytes > left())
    refuse("has " + std::to_string(entry_.bytes) + " bytes, where " + std::to_string(position_ + bytes) +
           " were expected");
  if (bytes == 0) return;  // `into` may be null, for which crc32_z forgets what it was given
  if (inflater_ == nullptr) {
    archive_->file().read(begin_ + position_, into, bytes);
  } else {
    unpack(into, bytes);
  }
  if (all_seen_) crc_ = static_cast<std::uint32_t>(::crc32_z(crc_, static_cast<const Bytef*>(into), bytes));
  position_ += bytes;
  if (position_ == entry_.bytes) check_end();
}

void EntryStream::unpack(void* into, std::uint64_t bytes) {
  const auto got = inflater_->read(into, bytes);
  if (got < 0) refuse("is damaged");
  if (static_cast<std::uint64_t>(got) < bytes)
    refuse("unpacks to " + std::to_string(position_ + static_cast<std::uint64_t>(got)) + " bytes instead of the " +
           std::to_string(entry_.bytes) + " that it claims");
}

void EntryStream::check_end() {
  char beyond = 0;
  if (inflater_ != nullptr && inflater_->read(&beyond, 1) != 0)
    refuse("unpacks to more than the " + std::to_string(entry_.bytes) + " bytes that it claims");
  if (all_seen_ && crc_ != entry_.crc) refuse("is damaged: its contents do not fit its checksum");
}

void EntryStream::seek(std::uint64_t position) {
  if (position == position_) return;
  if (position > entry_.bytes) refuse("has no byte " + std::to_string(position));
  if (position < position_ && inflater_ != nullptr) inflater_->restart();
  if (position < position_) {
    position_ = 0;
    crc_ = 0;
    all_seen_ = true;
  }
  if (inflater_ == nullptr && position > position_) {
    position_ = position;
    all_seen_ = false;
  }
  std::vector<char> passed(std::min<std::uint64_t>(position - position_, 256u << 10));
  while (position_ < position)
    read(passed.data(), std::min<std::uint64_t>(position - position_, passed.size()));
}

}  // namespace checkerlab::model
