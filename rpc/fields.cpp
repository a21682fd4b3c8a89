#include "rpc/fields.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sha256.hpp"

namespace checkerlab::rpc {

void refuse_field(const std::string& path, const std::string& complaint) {
  throw Error(ErrorCode::invalid_data, path + ": " + complaint);
}

namespace {

constexpr int kMostDepth = 100;

// Deeper than anything sent here; what reads a document again may recurse.
bool too_deep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMostDepth) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

}  // namespace

nlohmann::json parse_json(std::string_view text, std::string_view what) {
  if (too_deep(text)) {
    throw Error(ErrorCode::invalid_data,
                std::string(what) + " is nested deeper than " + std::to_string(kMostDepth) + " levels");
  }
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    throw Error(ErrorCode::invalid_data,
                std::string(what) + " is no valid JSON (byte " + std::to_string(error.byte) + ")");
  } catch (const nlohmann::json::out_of_range&) {
    throw Error(ErrorCode::invalid_data, std::string(what) + " holds a number that is too large");
  }
}

Fields::Fields(const Json& json, std::string path) : json_(json), path_(std::move(path)) {
  if (!json_.is_object()) refuse_field(path_, "expected an object, found " + std::string(json_.type_name()));
}

std::string Fields::path_of(std::string_view name) const {
  return path_ + "." + std::string(name);
}

bool Fields::has(std::string_view name) const {
  const auto found = json_.find(name);
  return found != json_.end() && !found->is_null();
}

const Fields::Json& Fields::at(std::string_view name) const {
  const auto found = json_.find(name);
  if (found == json_.end()) refuse_field(path_of(name), "missing");
  return *found;
}

std::string Fields::text(std::string_view name) const {
  const Json& value = at(name);
  if (!value.is_string()) refuse_field(path_of(name), "expected text, found " + std::string(value.type_name()));
  return value.get<std::string>();
}

std::string Fields::text_or(std::string_view name, std::string fallback) const {
  return has(name) ? text(name) : std::move(fallback);
}

std::int64_t Fields::integer(std::string_view name, std::int64_t least, std::int64_t most) const {
  const Json& value = at(name);
  if (!value.is_number_integer()) refuse_field(path_of(name), "expected a whole number");
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() > std::uint64_t(std::numeric_limits<std::int64_t>::max())) {
    refuse_field(path_of(name), "too large");
  }
  const auto number = value.get<std::int64_t>();
  if (number < least) refuse_field(path_of(name), "must be at least " + std::to_string(least));
  if (number > most) refuse_field(path_of(name), "must be at most " + std::to_string(most));
  return number;
}

std::uint64_t Fields::size(std::string_view name) const {
  return static_cast<std::uint64_t>(integer(name, 0));
}

double Fields::number(std::string_view name) const {
  const Json& value = at(name);
  if (!value.is_number()) refuse_field(path_of(name), "expected a number, found " + std::string(value.type_name()));
  return value.get<double>();
}

bool Fields::flag(std::string_view name) const {
  const Json& value = at(name);
  if (!value.is_boolean()) refuse_field(path_of(name), "expected true or false");
  return value.get<bool>();
}

bool Fields::flag_or(std::string_view name, bool fallback) const {
  return has(name) ? flag(name) : fallback;
}

std::string Fields::sha256(std::string_view name) const {
  auto value = text(name);
  if (!is_sha256_hex(value)) refuse_field(path_of(name), "expected 64 lower-case hex digits");
  return value;
}

const Fields::Json& Fields::object(std::string_view name) const {
  const Json& value = at(name);
  if (!value.is_object()) refuse_field(path_of(name), "expected an object, found " + std::string(value.type_name()));
  return value;
}

Fields Fields::fields(std::string_view name) const {
  return {object(name), path_of(name)};
}

void Fields::each(std::string_view name, const std::function<void(const Json&, const std::string&)>& visit) const {
  const Json& list = at(name);
  if (!list.is_array()) refuse_field(path_of(name), "expected a list, found " + std::string(list.type_name()));
  for (std::size_t i = 0; i < list.size(); ++i)
    visit(list[i], path_of(name) + "[" + std::to_string(i) + "]");
}

void Fields::allow_only(std::initializer_list<std::string_view> names) const {
  for (const auto& item : json_.items()) {
    if (std::find(names.begin(), names.end(), item.key()) == names.end())
      refuse_field(path_of(item.key()), "unknown field");
  }
}

}  // namespace checkerlab::rpc
