// The JSON header of a safetensors file: what stands where in the data that follows it. Internal to checkpoint/.
#pragma once

#include <c10/core/ScalarType.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace checkerlab::model {

struct TensorEntry {
  std::string name;
  c10::ScalarType type = c10::ScalarType::Float;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;  // bytes after the header
  std::uint64_t end = 0;
};

struct TensorHeader {
  std::vector<TensorEntry> entries;  // in order of their offsets
  std::map<std::string, std::string> metadata;
};

// Headers longer than this are refused, as the reference implementation does.
inline constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;

// `data_bytes` are the bytes that follow the header; entries must fill them without overlap or gap. `where` names the
// file in errors.
TensorHeader parse_tensor_header(std::string_view text, std::uint64_t data_bytes, const std::string& where);

// Reads the header of a file and nothing else; same errors, and not_found, io_error.
TensorHeader read_safetensors_header(const std::filesystem::path& file);

// The header as text, padded with spaces to a multiple of eight bytes. Offsets are taken from the entries.
std::string format_tensor_header(const TensorHeader& header);

std::string_view safetensors_type_name(c10::ScalarType type);

}  // namespace checkerlab::model
