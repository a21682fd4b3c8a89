#include "libmodel/numpy/npy_header.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "libmodel/checkpoint/printable.hpp"
#include "libmodel/numpy/python_literal.hpp"

namespace checkerlab::model {
namespace {

constexpr std::size_t kWrittenPreamble = 10;
constexpr std::size_t kMaxDictionary = 64u << 10, kMaxDimensions = 8;
constexpr std::string_view kMagic("\x93NUMPY", 6);

struct TypeName {
  std::string_view numpy;
  c10::ScalarType type;
  std::string_view shown;
};
constexpr std::array kTypes{
    TypeName{"|u1", c10::ScalarType::Byte, "uint8"},    TypeName{"<i4", c10::ScalarType::Int, "int32"},
    TypeName{"<i8", c10::ScalarType::Long, "int64"},    TypeName{"<f2", c10::ScalarType::Half, "float16"},
    TypeName{"<f4", c10::ScalarType::Float, "float32"}, TypeName{"<f8", c10::ScalarType::Double, "float64"},
};

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  throw Error(ErrorCode::invalid_data, where + " is not a usable NumPy array: " + what,
              "Write it anew, or copy or download it again");
}

c10::ScalarType type_of(const std::string& descr, const std::string& where) {
  for (const auto& known : kTypes) {
    if (known.numpy == descr) return known.type;
  }
  refuse(where, "its type is '" + printable(descr) + "'; |u1, <i4, <i8, <f2, <f4 and <f8 are read");
}

// Bytes of all elements, within what a signed 64-bit number counts.
std::uint64_t count_bytes(const NpyHeader& header, const std::string& where) {
  std::int64_t bytes = static_cast<std::int64_t>(c10::elementSize(header.type));
  const bool empty = std::find(header.shape.begin(), header.shape.end(), 0) != header.shape.end();
  for (const auto size : header.shape) {
    if (!empty && __builtin_mul_overflow(bytes, size, &bytes)) refuse(where, "its shape is too large to count");
  }
  return empty ? 0 : static_cast<std::uint64_t>(bytes);
}

}  // namespace

std::string NpyHeader::text() const {
  std::string text;
  for (const auto& known : kTypes) {
    if (known.type == type) text = known.shown;
  }
  text += " (";
  for (std::size_t i = 0; i < shape.size(); ++i)
    text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  return text + (shape.size() == 1 ? ",)" : ")");
}

NpyDictionary parse_npy_preamble(std::string_view start, const std::string& where) {
  if (start.size() < kNpyPreamble || !start.starts_with(kMagic)) refuse(where, "it does not begin as .npy files do");
  const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(start[i])); };
  const auto major = byte(6), minor = byte(7);
  if ((major != 1 && major != 2) || minor != 0)
    refuse(where, "it has version " + std::to_string(major) + "." + std::to_string(minor) +
                      " of the format; 1.0 and 2.0 are read");
  NpyDictionary place{.begin = major == 1 ? 10U : 12U, .bytes = byte(8) | byte(9) << 8};
  if (major == 2) place.bytes |= byte(10) << 16 | byte(11) << 24;
  if (place.bytes > kMaxDictionary)
    refuse(where, "its header is said to have " + std::to_string(place.bytes) + " bytes");
  return place;
}

NpyHeader parse_npy_dictionary(std::string_view text, const std::string& where) {
  const auto refuse_text = [&](const std::string& what) { refuse(where, "its header " + what); };
  PythonLiteral literal(text, refuse_text);
  NpyHeader header;
  std::string descr;
  bool has_descr = false, has_order = false, has_shape = false;
  literal.expect('{');
  while (!literal.accept('}')) {
    const std::string key = literal.text();
    literal.expect(':');
    bool* const seen = key == "descr"           ? &has_descr
                       : key == "fortran_order" ? &has_order
                       : key == "shape"         ? &has_shape
                                                : nullptr;
    if (seen == nullptr || std::exchange(*seen, true))
      refuse_text("has the key '" + printable(key) + "' where descr, fortran_order and shape belong, each once");
    if (key == "descr") descr = literal.text();
    if (key == "fortran_order") header.fortran_order = literal.truth();
    if (key == "shape") header.shape = literal.tuple(kMaxDimensions);
    if (literal.accept('}')) break;
    literal.expect(',');
  }
  literal.expect_end();
  if (!has_descr || !has_order || !has_shape) refuse_text("lacks descr, fortran_order or shape");
  header.type = type_of(descr, where);
  header.bytes = count_bytes(header, where);
  return header;
}

std::string npy_header(const std::string& type, const std::vector<std::int64_t>& shape) {
  std::string text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (";
  for (const std::int64_t size : shape) {
    text += std::to_string(size) + ", ";
  }
  text += "), }";
  text.resize(kNpyHeaderBytes - kWrittenPreamble - 1, ' ');
  text += '\n';
  std::string header(kMagic);
  header += '\x01';
  header += '\0';
  header += static_cast<char>(text.size() & 0xff);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

}  // namespace checkerlab::model
