#include "libmodel/checkpoint/graph_def/wire.hpp"

#include <cstring>

#include "base/error.hpp"

namespace checkerlab::model {

void WireReader::refuse(const std::string& what) const {
  throw Error(ErrorCode::invalid_data, where_ + " is not a usable TensorFlow graph: " + what,
              "Copy or download it again");
}

std::string_view WireReader::take(std::uint64_t bytes) {
  if (bytes > text_.size()) refuse("it ends within a field");
  const std::string_view part = text_.substr(0, bytes);
  text_.remove_prefix(bytes);
  return part;
}

std::uint64_t WireReader::fixed(std::size_t bytes) {
  std::uint64_t value = 0;  // little endian, as are the machines that this runs on
  std::memcpy(&value, take(bytes).data(), bytes);
  return value;
}

std::uint64_t WireReader::varint() {
  constexpr int kMostBits = 64, kBitsOfByte = 7;
  std::uint64_t value = 0;
  for (int shift = 0; shift < kMostBits; shift += kBitsOfByte) {
    const auto byte = static_cast<std::uint8_t>(take(1)[0]);
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
  refuse("a number does not end");
}

bool WireReader::next(WireField& field) {
  if (text_.empty()) return false;
  const std::uint64_t key = varint();
  field = {.number = static_cast<std::uint32_t>(key >> 3), .type = static_cast<WireType>(key & 7)};
  if (key >> 3 == 0 || key >> 32 != 0) refuse("a field has the number " + std::to_string(key >> 3));
  switch (field.type) {
    case WireType::varint:
      field.value = varint();
      return true;
    case WireType::fixed64:
      field.value = fixed(8);
      return true;
    case WireType::bytes:
      field.bytes = take(varint());
      return true;
    case WireType::fixed32:
      field.value = fixed(4);
      return true;
  }
  refuse("a field has the wire type " + std::to_string(key & 7));
}

}  // namespace checkerlab::model
