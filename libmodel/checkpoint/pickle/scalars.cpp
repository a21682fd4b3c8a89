#include "libmodel/checkpoint/pickle/scalars.hpp"

#include <cstring>

namespace checkerlab::model::pickle {
namespace {

// Two's complement, little endian, of any length.
Value* integer(Document& document, std::string_view bytes) {
  if (bytes.size() > sizeof(std::int64_t)) return document.make(BigInteger{std::string(bytes)});
  std::uint64_t value = !bytes.empty() && (bytes.back() & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  std::memcpy(&value, bytes.data(), bytes.size());
  return document.make(static_cast<std::int64_t>(value));
}

}  // namespace

Value* read_scalar(Opcode opcode, Cursor& cursor, Document& document) {
  switch (opcode) {
    case Opcode::none:
      return document.make(None{});
    case Opcode::new_true:
      return document.make(true);
    case Opcode::new_false:
      return document.make(false);
    case Opcode::binary_int:
      return document.make(std::int64_t{cursor.number<std::int32_t>()});
    case Opcode::binary_int1:
      return document.make(std::int64_t{cursor.byte()});
    case Opcode::binary_int2:
      return document.make(std::int64_t{cursor.number<std::uint16_t>()});
    case Opcode::long1:
      return integer(document, cursor.take(cursor.byte()));
    case Opcode::long4:
      return integer(document, cursor.take(cursor.number<std::uint32_t>()));
    case Opcode::binary_float:
      return document.make(cursor.big_endian_double());
    case Opcode::binary_unicode:
    case Opcode::binary_string:
      return document.make(std::string(cursor.take(cursor.number<std::uint32_t>())));
    case Opcode::short_binary_unicode:
    case Opcode::short_binary_string:
      return document.make(std::string(cursor.take(cursor.byte())));
    case Opcode::binary_unicode8:
      return document.make(std::string(cursor.take(cursor.number<std::uint64_t>())));
    case Opcode::binary_bytes:
      return document.make(Bytes{std::string(cursor.take(cursor.number<std::uint32_t>()))});
    case Opcode::short_binary_bytes:
      return document.make(Bytes{std::string(cursor.take(cursor.byte()))});
    case Opcode::binary_bytes8:
      return document.make(Bytes{std::string(cursor.take(cursor.number<std::uint64_t>()))});
    default:
      return nullptr;
  }
}

}  // namespace checkerlab::model::pickle
