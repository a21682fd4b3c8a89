#include "libmodel/checkpoint/zip/archive.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "libmodel/checkpoint/printable.hpp"
#include "libmodel/checkpoint/zip/records.hpp"

namespace checkerlab::model {
namespace {

using zip::field;

constexpr std::uint64_t kMaxCommentBytes = 65535;
constexpr std::uint64_t kMaxDirectoryBytes = 16u << 20;
constexpr std::uint16_t kEncrypted = 1;  // of the flags
constexpr std::uint32_t kIn64 = std::numeric_limits<std::uint32_t>::max();

std::uint32_t checksum(const void* data, std::uint64_t bytes) {
  return static_cast<std::uint32_t>(::crc32_z(0, static_cast<const Bytef*>(data), bytes));
}

}  // namespace

void Archive::refuse(const std::string& what) const {
  throw Error(ErrorCode::invalid_data, file_->path().string() + " is not a usable zip archive: " + what,
              "Copy or download it again");
}

bool Archive::recognises(const RandomFile& file) {
  if (file.size() < zip::kEndBytes) return false;
  const auto signature = field<std::uint32_t>(file.read(0, 4), 0);
  return signature == zip::kLocalHeader || signature == zip::kEndOfDirectory;
}

Archive::Archive(std::shared_ptr<const RandomFile> file) : file_(std::move(file)) {
  read_directory(find_directory());
}

Archive::Directory Archive::find_directory() const {
  const std::uint64_t size = file_->size();
  const std::uint64_t tail_bytes = std::min<std::uint64_t>(size, zip::kEndBytes + kMaxCommentBytes);
  if (tail_bytes < zip::kEndBytes) refuse("it is too short");
  const std::string tail = file_->read(size - tail_bytes, tail_bytes);
  for (std::size_t place = tail.size() - zip::kEndBytes + 1; place-- > 0;) {
    if (field<std::uint32_t>(tail, place) != zip::kEndOfDirectory) continue;
    if (place + zip::kEndBytes + field<std::uint16_t>(tail, place + 20) != tail.size()) continue;
    const std::uint64_t absolute = size - tail_bytes + place;
    const Directory found{.offset = field<std::uint32_t>(tail, place + 16),
                          .bytes = field<std::uint32_t>(tail, place + 12),
                          .entries = field<std::uint16_t>(tail, place + 10)};
    if (absolute >= zip::kZip64LocatorBytes &&
        field<std::uint32_t>(file_->read(absolute - zip::kZip64LocatorBytes, 4), 0) == zip::kZip64Locator)
      return zip64_directory(absolute - zip::kZip64LocatorBytes);
    return found;
  }
  refuse("its end is missing (a download that was cut off?)");
}

Archive::Directory Archive::zip64_directory(std::uint64_t locator) const {
  const auto place = field<std::uint64_t>(file_->read(locator, zip::kZip64LocatorBytes), 8);
  const std::string record = file_->read(place, zip::kZip64EndBytes);
  if (field<std::uint32_t>(record, 0) != zip::kZip64End) refuse("its zip64 end record is missing");
  return {.offset = field<std::uint64_t>(record, 48),
          .bytes = field<std::uint64_t>(record, 40),
          .entries = field<std::uint64_t>(record, 32)};
}

void Archive::read_directory(const Directory& directory) {
  if (directory.bytes > kMaxDirectoryBytes || directory.entries > directory.bytes / zip::kCentralHeaderBytes)
    refuse("its directory has " + std::to_string(directory.bytes) + " bytes for " + std::to_string(directory.entries) +
           " entries");
  const std::string text = file_->read(directory.offset, directory.bytes);
  std::string_view rest = text;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    if (rest.size() < zip::kCentralHeaderBytes) refuse("its directory is cut off");
    const std::string_view header = rest.substr(0, zip::kCentralHeaderBytes);
    if (field<std::uint32_t>(header, 0) != zip::kCentralHeader) refuse("its directory is broken");
    const std::size_t name_bytes = field<std::uint16_t>(header, 28), extra_bytes = field<std::uint16_t>(header, 30),
                      comment_bytes = field<std::uint16_t>(header, 32);
    rest.remove_prefix(zip::kCentralHeaderBytes);
    if (rest.size() < name_bytes + extra_bytes + comment_bytes) refuse("its directory is cut off");
    add_entry(std::string(rest.substr(0, name_bytes)), header, rest.substr(name_bytes, extra_bytes));
    rest.remove_prefix(name_bytes + extra_bytes + comment_bytes);
  }
}

void Archive::add_entry(const std::string& name, std::string_view header, std::string_view extra) {
  const std::string shown = "its entry '" + printable(name) + "'";
  ArchiveEntry entry{.header = field<std::uint32_t>(header, 42),
                     .bytes = field<std::uint32_t>(header, 24),
                     .crc = field<std::uint32_t>(header, 16),
                     .stored = field<std::uint16_t>(header, 10) == 0,
                     .packed = field<std::uint32_t>(header, 20),
                     .method = field<std::uint16_t>(header, 10),
                     .encrypted = (field<std::uint16_t>(header, 8) & kEncrypted) != 0};
  for (; extra.size() >= 4; extra.remove_prefix(4 + field<std::uint16_t>(extra, 2))) {
    const std::size_t bytes = field<std::uint16_t>(extra, 2);
    if (bytes > extra.size() - 4) refuse(shown + " has a broken extra field");
    if (field<std::uint16_t>(extra, 0) != zip::kZip64Extra) continue;
    // Holds what did not fit into 32 bits, in this order.
    std::string_view values = extra.substr(4, bytes);
    const auto next = [&] {
      if (values.size() < 8) refuse(shown + " has a broken zip64 field");
      const auto value = field<std::uint64_t>(values, 0);
      values.remove_prefix(8);
      return value;
    };
    if (entry.bytes == kIn64) entry.bytes = next();
    if (entry.packed == kIn64) entry.packed = next();
    if (entry.header == kIn64) entry.header = next();
  }
  if (entry.header > file_->size() || entry.packed > file_->size() || (entry.stored && entry.bytes > file_->size()))
    refuse(shown + " lies beyond its end");
  if (!entries_.emplace(name, entry).second) refuse(shown + " occurs twice");
}

const ArchiveEntry& Archive::entry(const std::string& name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) refuse("it has no entry '" + printable(name) + "'");
  if (!found->second.stored) refuse("its entry '" + printable(name) + "' is compressed");
  return found->second;
}

std::uint64_t Archive::contents(const std::string& name, const ArchiveEntry& entry) const {
  const std::string header = file_->read(entry.header, zip::kLocalHeaderBytes);
  const std::string shown = "its entry '" + printable(name) + "'";
  if (field<std::uint32_t>(header, 0) != zip::kLocalHeader) refuse(shown + " is not where it should be");
  const std::uint64_t place =
      entry.header + zip::kLocalHeaderBytes + field<std::uint16_t>(header, 26) + field<std::uint16_t>(header, 28);
  if (place > file_->size() || entry.packed > file_->size() - place) refuse(shown + " lies beyond its end");
  return place;
}

void Archive::read(const std::string& name, void* into) const {
  const ArchiveEntry& found = entry(name);
  file_->read(contents(name, found), into, found.bytes);
  if (checksum(into, found.bytes) != found.crc)
    refuse("the contents of its entry '" + printable(name) + "' are damaged");
}

std::string Archive::read(const std::string& name) const {
  std::string text(entry(name).bytes, '\0');
  read(name, text.data());
  return text;
}

}  // namespace checkerlab::model
