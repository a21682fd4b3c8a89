// The fixed parts of zip archives: signatures, lengths, little-endian fields. Internal to zip/.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace checkerlab::model::zip {

inline constexpr std::uint32_t kLocalHeader = 0x04034b50, kCentralHeader = 0x02014b50, kEndOfDirectory = 0x06054b50,
                               kZip64End = 0x06064b50, kZip64Locator = 0x07064b50;
inline constexpr std::size_t kLocalHeaderBytes = 30, kCentralHeaderBytes = 46, kEndBytes = 22, kZip64EndBytes = 56,
                             kZip64LocatorBytes = 20;
inline constexpr std::uint16_t kZip64Extra = 0x0001;
inline constexpr std::uint16_t kVersion = 45;  // of the format, needed for zip64

// Field at a place of a record that is known to be long enough.
template <typename Number>
Number field(std::string_view record, std::size_t place) {
  Number value{};
  std::memcpy(&value, record.data() + place, sizeof(Number));
  return value;
}

template <typename Number>
void append(std::string& record, Number value) {
  record.append(reinterpret_cast<const char*>(&value), sizeof(Number));
}

}  // namespace checkerlab::model::zip
