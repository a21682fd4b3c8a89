#include "libmodel/numpy/testing/npz_builder.hpp"

#include <zlib.h>

#include <fstream>

#include "libmodel/checkpoint/zip/records.hpp"

namespace checkerlab::model {
namespace {

using zip::append;

std::string deflated(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string common(const MemberOptions& options, std::uint32_t crc, std::uint32_t packed, std::uint32_t unpacked) {
  std::string record;
  append<std::uint16_t>(record, 45);
  append<std::uint16_t>(record, options.flags);
  append<std::uint16_t>(record, options.method.value_or(options.deflate ? 8 : 0));
  append<std::uint32_t>(record, 0x00210000);
  append<std::uint32_t>(record, crc);
  append<std::uint32_t>(record, packed);
  append<std::uint32_t>(record, unpacked);
  return record;
}

}  // namespace

NpzBuilder& NpzBuilder::add(const std::string& member, const std::string& bytes, const MemberOptions& options) {
  const std::string packed = options.deflate ? deflated(bytes) : bytes;
  const auto crc = static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size())) +
                   options.crc_error;
  const auto place = static_cast<std::uint32_t>(bytes_.size());
  const auto packed_size = static_cast<std::uint32_t>(packed.size());
  const auto unpacked_size = static_cast<std::uint32_t>(options.claimed.value_or(bytes.size()));
  std::string extra;
  if (options.zip64) {
    append<std::uint16_t>(extra, zip::kZip64Extra);
    append<std::uint16_t>(extra, 16);
    append<std::uint64_t>(extra, bytes.size());
    append<std::uint64_t>(extra, packed.size());
  }
  append<std::uint32_t>(bytes_, zip::kLocalHeader);
  bytes_ += common(options, crc, options.zip64 ? 0xffffffff : packed_size, options.zip64 ? 0xffffffff : unpacked_size);
  append<std::uint16_t>(bytes_, static_cast<std::uint16_t>(member.size()));
  append<std::uint16_t>(bytes_, static_cast<std::uint16_t>(extra.size()));
  bytes_ += member + extra + packed;

  append<std::uint32_t>(directory_, zip::kCentralHeader);
  append<std::uint16_t>(directory_, 45);
  directory_ += common(options, crc, packed_size, unpacked_size);
  append<std::uint16_t>(directory_, static_cast<std::uint16_t>(member.size()));
  directory_ += std::string(12, '\0');  // no extra field, comment, disk or attributes
  append<std::uint32_t>(directory_, place);
  directory_ += member;
  ++count_;
  return *this;
}

std::string NpzBuilder::finish() const {
  std::string end;
  append<std::uint32_t>(end, zip::kEndOfDirectory);
  append<std::uint32_t>(end, 0);
  append<std::uint16_t>(end, count_);
  append<std::uint16_t>(end, count_);
  append<std::uint32_t>(end, static_cast<std::uint32_t>(directory_.size()));
  append<std::uint32_t>(end, static_cast<std::uint32_t>(bytes_.size()));
  append<std::uint16_t>(end, 0);
  return bytes_ + directory_ + end;
}

void NpzBuilder::write(const std::filesystem::path& file) const {
  const auto bytes = finish();
  std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string npy_with(const std::string& dictionary, const std::string& data) {
  std::string file("\x93NUMPY\x01\x00", 8);
  append<std::uint16_t>(file, static_cast<std::uint16_t>(dictionary.size()));
  return file + dictionary + data;
}

}  // namespace checkerlab::model
