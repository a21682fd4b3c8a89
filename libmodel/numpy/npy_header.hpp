// The header of NumPy's .npy format: magic, version, and a Python dictionary that names type, order and shape.
//
// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions 1.0 and 2.0. The dictionary
// is read by a parser that knows literals of text, truth values and tuples of numbers, and nothing else.
#pragma once

#include <c10/core/ScalarType.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace checkerlab::model {

struct NpyHeader {
  c10::ScalarType type = c10::ScalarType::Byte;
  bool fortran_order = false;  // the first index runs fastest
  std::vector<std::int64_t> shape;
  std::uint64_t bytes = 0;  // of the elements; does not overflow

  [[nodiscard]] std::int64_t rows() const { return shape.empty() ? 1 : shape.front(); }
  [[nodiscard]] std::uint64_t row_bytes() const { return rows() == 0 ? 0 : bytes / static_cast<std::uint64_t>(rows()); }
  // "uint8 (16, 64, 64, 3)"
  [[nodiscard]] std::string text() const;
};

// Bytes that tell how long the rest of the header is.
inline constexpr std::size_t kNpyPreamble = 12;

// Where the header's dictionary stands in a file that begins with these kNpyPreamble bytes.
struct NpyDictionary {
  std::size_t begin = 0, bytes = 0;
};

// Throws Error(invalid_data), beginning with `where`: no .npy file, another version, a header above 64 KiB.
NpyDictionary parse_npy_preamble(std::string_view start, const std::string& where);

// Types: |u1, <i4, <i8, <f2, <f4, <f8. Throws Error(invalid_data), beginning with `where`: what is wrong, and where in
// the text; other types; a shape whose size overflows.
NpyHeader parse_npy_dictionary(std::string_view text, const std::string& where);

// What npy_header writes: room for any shape of four numbers, a multiple of 64 as the format wants.
inline constexpr std::size_t kNpyHeaderBytes = 192;

// The header of a .npy file (format 1.0) for an array in C order: `type` is NumPy's, "|u1" or "<i8".
std::string npy_header(const std::string& type, const std::vector<std::int64_t>& shape);

}  // namespace checkerlab::model
