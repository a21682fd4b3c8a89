#include "libmodel/checkpoint/zip/writer.hpp"

#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <limits>

#include "base/error.hpp"
#include "base/files.hpp"
#include "libmodel/checkpoint/zip/records.hpp"

namespace checkerlab::model {
namespace {

using zip::append;

constexpr std::uint64_t kAlignment = 64;
constexpr std::uint64_t kIn64 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint16_t kPaddingExtra = 0x4246;  // an id that readers skip; PyTorch pads with it too
constexpr std::uint64_t kExtraHeaderBytes = 4, kZip64Fields = 24;

std::uint32_t low(std::uint64_t value) {
  return static_cast<std::uint32_t>(std::min(value, kIn64));
}

// Fields that local and central headers share: version … uncompressed size.
void append_common(std::string& record, const ArchiveEntry& entry, bool large) {
  append<std::uint16_t>(record, zip::kVersion);
  append<std::uint16_t>(record, 0x0800);  // names are UTF-8
  append<std::uint16_t>(record, 0);       // stored
  append<std::uint16_t>(record, 0);       // no time of day
  append<std::uint16_t>(record, 0x21);    // 1980-01-01: the same contents give the same bytes
  append<std::uint32_t>(record, entry.crc);
  append<std::uint32_t>(record, large ? kIn64 : low(entry.bytes));
  append<std::uint32_t>(record, large ? kIn64 : low(entry.bytes));
}

std::string zip64_field(const ArchiveEntry& entry) {
  std::string extra;
  append<std::uint16_t>(extra, zip::kZip64Extra);
  append<std::uint16_t>(extra, kZip64Fields);
  append<std::uint64_t>(extra, entry.bytes);
  append<std::uint64_t>(extra, entry.bytes);
  append<std::uint64_t>(extra, entry.header);
  return extra;
}

bool needs_zip64(const ArchiveEntry& entry) {
  return entry.bytes >= kIn64 || entry.header >= kIn64;
}

// A local header, padded so that the data begin at a multiple of the alignment.
std::string local_header(const std::string& name, const ArchiveEntry& entry) {
  const bool large = needs_zip64(entry);
  std::string extra = large ? zip64_field(entry) : "";
  const std::uint64_t end = entry.header + zip::kLocalHeaderBytes + name.size() + extra.size() + kExtraHeaderBytes;
  const std::uint64_t padding = (kAlignment - end % kAlignment) % kAlignment;
  append<std::uint16_t>(extra, kPaddingExtra);
  append<std::uint16_t>(extra, static_cast<std::uint16_t>(padding));
  extra.append(padding, '\0');
  std::string record;
  append<std::uint32_t>(record, zip::kLocalHeader);
  append_common(record, entry, large);
  append<std::uint16_t>(record, static_cast<std::uint16_t>(name.size()));
  append<std::uint16_t>(record, static_cast<std::uint16_t>(extra.size()));
  return record + name + extra;
}

std::string central_header(const std::string& name, const ArchiveEntry& entry) {
  const bool large = needs_zip64(entry);
  const std::string extra = large ? zip64_field(entry) : "";
  std::string record;
  append<std::uint32_t>(record, zip::kCentralHeader);
  append<std::uint16_t>(record, zip::kVersion);
  append_common(record, entry, large);
  append<std::uint16_t>(record, static_cast<std::uint16_t>(name.size()));
  append<std::uint16_t>(record, static_cast<std::uint16_t>(extra.size()));
  append<std::uint16_t>(record, 0);  // no comment
  append<std::uint16_t>(record, 0);  // disk
  append<std::uint16_t>(record, 0);  // internal attributes
  append<std::uint32_t>(record, 0);  // external attributes
  append<std::uint32_t>(record, large ? kIn64 : low(entry.header));
  return record + name + extra;
}

// The zip64 end record and its locator, then the end record.
std::string directory_end(std::uint64_t offset, std::uint64_t bytes, std::uint64_t entries) {
  std::string record;
  append<std::uint32_t>(record, zip::kZip64End);
  append<std::uint64_t>(record, zip::kZip64EndBytes - 12);
  append<std::uint16_t>(record, zip::kVersion);
  append<std::uint16_t>(record, zip::kVersion);
  append<std::uint32_t>(record, 0);
  append<std::uint32_t>(record, 0);
  append<std::uint64_t>(record, entries);
  append<std::uint64_t>(record, entries);
  append<std::uint64_t>(record, bytes);
  append<std::uint64_t>(record, offset);
  append<std::uint32_t>(record, zip::kZip64Locator);
  append<std::uint32_t>(record, 0);
  append<std::uint64_t>(record, offset + bytes);
  append<std::uint32_t>(record, 1);
  const auto count = static_cast<std::uint16_t>(std::min<std::uint64_t>(entries, 0xffff));
  append<std::uint32_t>(record, zip::kEndOfDirectory);
  append<std::uint32_t>(record, 0);
  append<std::uint16_t>(record, count);
  append<std::uint16_t>(record, count);
  append<std::uint32_t>(record, low(bytes));
  append<std::uint32_t>(record, low(offset));
  append<std::uint16_t>(record, 0);
  return record;
}

}  // namespace

ArchiveWriter::ArchiveWriter(std::filesystem::path file)
    : file_(std::move(file)), temporary_(file_.string() + ".tmp" + std::to_string(::getpid())) {
  errno = 0;
  stream_.open(temporary_, std::ios::binary | std::ios::trunc);
  if (!stream_) throw errno_error(errno == 0 ? EIO : errno, "write " + temporary_.string());
}

ArchiveWriter::~ArchiveWriter() {
  if (committed_) return;
  stream_.close();
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void ArchiveWriter::write(const void* data, std::uint64_t bytes) {
  errno = 0;
  stream_.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
  if (!stream_) throw errno_error(errno == 0 ? EIO : errno, "write " + temporary_.string());
  place_ += bytes;
}

void ArchiveWriter::add(const std::string& name, const void* data, std::uint64_t bytes) {
  const ArchiveEntry entry{.header = place_,
                           .bytes = bytes,
                           .crc = static_cast<std::uint32_t>(::crc32_z(0, static_cast<const Bytef*>(data), bytes))};
  write(local_header(name, entry));
  write(data, bytes);
  entries_.push_back({name, entry});
}

void ArchiveWriter::commit() {
  const std::uint64_t offset = place_;
  for (const Named& named : entries_) {
    write(central_header(named.name, named.entry));
  }
  write(directory_end(offset, place_ - offset, entries_.size()));
  errno = 0;
  stream_.close();
  if (!stream_) throw errno_error(errno == 0 ? EIO : errno, "write " + temporary_.string());
  SystemFiles().commit(temporary_, file_);
  committed_ = true;
}

}  // namespace checkerlab::model
