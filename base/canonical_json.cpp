#include "base/canonical_json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include "base/error.hpp"
#include "base/sha256.hpp"

namespace checkerlab {
namespace {

// Beyond 2^53 a double no longer stands for one whole number only.
constexpr double kExactIntegers = 9007199254740992.0;

void append_integer(std::string& out, auto value) {
  char digits[20];
  out.append(digits, std::to_chars(std::begin(digits), std::end(digits), value).ptr);
}

void append_number(std::string& out, double value) {
  if (!std::isfinite(value)) throw Error(ErrorCode::not_finite, "a number in a specification is NaN or infinite");
  if (value == std::trunc(value) && std::abs(value) <= kExactIntegers) {
    return append_integer(out, static_cast<std::int64_t>(value));
  }
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  out.append(buffer, end);
}

// Most texts are plain ASCII and stand as they are; the library escapes the others, and checks their UTF-8.
void append_text(std::string& out, const std::string& text) {
  const bool plain = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
  if (!plain) {
    out += nlohmann::json(text).dump();
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

void append(std::string& out, const nlohmann::json& value);

void append_object(std::string& out, const nlohmann::json& value) {
  out += '{';
  bool first = true;
  for (const auto& [key, member] : value.items()) {  // nlohmann::json keeps members sorted by key
    if (!first) out += ',';
    first = false;
    append_text(out, key);
    out += ':';
    append(out, member);
  }
  out += '}';
}

void append_array(std::string& out, const nlohmann::json& value) {
  out += '[';
  bool first = true;
  for (const auto& element : value) {
    if (!first) out += ',';
    first = false;
    append(out, element);
  }
  out += ']';
}

void append(std::string& out, const nlohmann::json& value) {
  if (value.is_object()) return append_object(out, value);
  if (value.is_array()) return append_array(out, value);
  if (value.is_string()) return append_text(out, value.get_ref<const std::string&>());
  if (value.is_number_unsigned()) return append_integer(out, value.get<std::uint64_t>());
  if (value.is_number_integer()) return append_integer(out, value.get<std::int64_t>());
  if (value.is_number_float()) return append_number(out, value.get<double>());
  if (value.is_binary() || value.is_discarded()) {
    throw Error(ErrorCode::invalid_data, "a specification holds a value that JSON cannot express");
  }
  out += value.dump();
}

}  // namespace

std::string canonical_json(const nlohmann::json& value) {
  std::string out;
  try {
    append(out, value);
  } catch (const nlohmann::json::type_error& error) {
    throw Error(ErrorCode::invalid_data, std::string("a text in a specification is not valid UTF-8: ") + error.what());
  }
  return out;
}

std::string content_key(const nlohmann::json& value) {
  return sha256_hex(canonical_json(value));
}

}  // namespace checkerlab
