#include "libmodel/checkpoint/safetensors_header.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"

namespace checkerlab::model {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::pair<std::string_view, c10::ScalarType>, 10> kTypes{{{"F64", c10::ScalarType::Double},
                                                                               {"F32", c10::ScalarType::Float},
                                                                               {"F16", c10::ScalarType::Half},
                                                                               {"BF16", c10::ScalarType::BFloat16},
                                                                               {"I64", c10::ScalarType::Long},
                                                                               {"I32", c10::ScalarType::Int},
                                                                               {"I16", c10::ScalarType::Short},
                                                                               {"I8", c10::ScalarType::Char},
                                                                               {"U8", c10::ScalarType::Byte},
                                                                               {"BOOL", c10::ScalarType::Bool}}};
constexpr std::size_t kMaxDimensions = 16;

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  throw Error(ErrorCode::invalid_data, where + " is not a usable safetensors file: " + what,
              "Make or fetch the file again");
}

c10::ScalarType parse_type(const Json& value, const std::string& name, const std::string& where) {
  if (value.is_string()) {
    for (const auto& [text, type] : kTypes) {
      if (value.get_ref<const std::string&>() == text) return type;
    }
  }
  refuse(where, "tensor '" + name + "' has the unknown type " + value.dump());
}

std::uint64_t parse_unsigned(const Json& value, const std::string& name, const std::string& where) {
  constexpr std::uint64_t limit = std::numeric_limits<std::int64_t>::max();
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > limit)
    refuse(where, "tensor '" + name + "' has the number " + value.dump() + " in its shape or offsets");
  return value.get<std::uint64_t>();
}

// Bytes of a tensor of that shape; overflow is refused.
std::uint64_t tensor_bytes(const TensorEntry& entry, const std::string& where) {
  std::uint64_t bytes = c10::elementSize(entry.type);
  for (const auto dimension : entry.shape) {
    if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(dimension), &bytes))
      refuse(where, "tensor '" + entry.name + "' has a shape too large to count");
  }
  return bytes;
}

TensorEntry parse_entry(const std::string& name, const Json& value, const std::string& where) {
  if (!value.is_object() || !value.contains("dtype") || !value.contains("shape") || !value.contains("data_offsets"))
    refuse(where, "tensor '" + name + "' lacks dtype, shape or data_offsets");
  TensorEntry entry{.name = name, .type = parse_type(value["dtype"], name, where)};
  const Json& shape = value["shape"];
  const Json& offsets = value["data_offsets"];
  if (!shape.is_array() || shape.size() > kMaxDimensions) refuse(where, "tensor '" + name + "' has no proper shape");
  if (!offsets.is_array() || offsets.size() != 2) refuse(where, "tensor '" + name + "' has no proper data_offsets");
  for (const Json& dimension : shape) {
    entry.shape.push_back(static_cast<std::int64_t>(parse_unsigned(dimension, name, where)));
  }
  entry.begin = parse_unsigned(offsets[0], name, where);
  entry.end = parse_unsigned(offsets[1], name, where);
  if (entry.begin > entry.end || entry.end - entry.begin != tensor_bytes(entry, where))
    refuse(where, "the offsets of tensor '" + name + "' do not match its type and shape");
  return entry;
}

std::map<std::string, std::string> parse_metadata(const Json& value, const std::string& where) {
  if (!value.is_object()) refuse(where, "__metadata__ is not an object");
  std::map<std::string, std::string> metadata;
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string()) refuse(where, "__metadata__ holds something else than text under '" + key + "'");
    metadata[key] = text.get<std::string>();
  }
  return metadata;
}

// Sorts by offset; the entries must cover the data exactly.
void check_coverage(std::vector<TensorEntry>& entries, std::uint64_t data_bytes, const std::string& where) {
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  std::uint64_t expected = 0;
  for (const auto& entry : entries) {
    if (entry.begin != expected) refuse(where, "tensor '" + entry.name + "' overlaps another one or leaves a gap");
    expected = entry.end;
  }
  if (expected != data_bytes)
    refuse(where, "the header describes " + std::to_string(expected) + " bytes of data, the file holds " +
                      std::to_string(data_bytes));
}

}  // namespace

TensorHeader parse_tensor_header(std::string_view text, std::uint64_t data_bytes, const std::string& where) {
  constexpr int kMaxDepth = 8;
  bool duplicate = false;
  std::map<std::string, int> seen;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > kMaxDepth) duplicate = true;
    if (event == Json::parse_event_t::key && depth == 1 && ++seen[parsed.get<std::string>()] > 1) duplicate = true;
    return true;
  };
  const Json json = Json::parse(text, watch, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_object()) refuse(where, "its header is not a JSON object");
  if (duplicate) refuse(where, "its header names a tensor twice or is nested too deeply");
  TensorHeader header;
  for (const auto& [name, value] : json.items()) {
    if (name == "__metadata__") {
      header.metadata = parse_metadata(value, where);
    } else {
      header.entries.push_back(parse_entry(name, value, where));
    }
  }
  check_coverage(header.entries, data_bytes, where);
  return header;
}

std::string format_tensor_header(const TensorHeader& header) {
  Json json = Json::object();
  if (!header.metadata.empty()) json["__metadata__"] = header.metadata;
  for (const auto& entry : header.entries) {
    json[entry.name] = {{"dtype", safetensors_type_name(entry.type)},
                        {"shape", entry.shape},
                        {"data_offsets", {entry.begin, entry.end}}};
  }
  std::string text = json.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  return text;
}

std::string_view safetensors_type_name(c10::ScalarType type) {
  for (const auto& [text, known] : kTypes) {
    if (known == type) return text;
  }
  throw Error(ErrorCode::invalid_argument, std::string("safetensors has no name for the type ") + c10::toString(type));
}

}  // namespace checkerlab::model
