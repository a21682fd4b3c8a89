// SourceDocument::apply_override: one "path=value".
#include <algorithm>
#include <charconv>
#include <optional>

#include "base/error.hpp"
#include "schemas/yaml.hpp"
#include "sweeps/source_document.hpp"

namespace checkerlab::sweeps {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxParts = 64;
constexpr const char* kForm = "Write --set path=value, for example --set model.train.steps=100.";

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> parts{""};
  for (const char c : path) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

std::optional<std::size_t> list_index(const std::string& text, std::size_t size) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || end != text.data() + text.size() || index >= size) return std::nullopt;
  return index;
}

// The child of `parent` called `part`, made when an object lacks it. Throws Error when there can be none.
Json& descend(Json& parent, const std::string& part, const std::string& so_far) {
  if (parent.is_null()) parent = Json::object();
  if (parent.is_object()) return parent[part];
  if (!parent.is_array())
    throw Error(ErrorCode::invalid_argument,
                "'" + so_far + "' is one value and has nothing called '" + part + "' in it",
                "Set '" + so_far + "' itself.");
  const auto index = list_index(part, parent.size());
  if (!index)
    throw Error(ErrorCode::invalid_argument,
                "'" + so_far + "' is a list of " + std::to_string(parent.size()) + ", '" + part + "' is no index of it",
                "Indices count from 0; or set the whole list: --set '" + so_far + "=[…]'.");
  return parent[*index];
}

struct Assignment {
  std::vector<std::string> path;
  Json value;
};

Assignment parse_assignment(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw Error(ErrorCode::invalid_argument, "there is no 'path=' in it", kForm);
  Assignment assignment{split(text.substr(0, equals)), yaml_to_json(text.substr(equals + 1))};
  if (assignment.path.size() > kMaxParts)
    throw Error(ErrorCode::invalid_argument, "its path has more than " + std::to_string(kMaxParts) + " parts", kForm);
  if (std::ranges::any_of(assignment.path, &std::string::empty))
    throw Error(ErrorCode::invalid_argument, "a part of the path is empty", kForm);
  return assignment;
}

}  // namespace

void SourceDocument::apply_override(const std::string& text, std::vector<DefinitionIssue>& issues) {
  try {
    const Assignment assignment = parse_assignment(text);
    Json changed = json_;
    Json* place = &changed;
    std::string so_far;
    std::string pointer;
    std::vector<std::string> set;  // what was new on the way, and the value itself
    for (const std::string& part : assignment.path) {
      place = &descend(*place, part, so_far);
      so_far += (so_far.empty() ? "" : ".") + part;
      pointer = child_pointer(pointer, part);
      if (!json_.contains(Json::json_pointer(pointer))) set.push_back(pointer);
    }
    *place = assignment.value;
    json_ = std::move(changed);
    set.push_back(pointer);
    for (const std::string& touched : set)
      overrides_[touched] = text;
  } catch (const Error& error) {
    issues.push_back({0, 0, "", "--set '" + text + "': " + error.what(), error.fix()});
  }
}

}  // namespace checkerlab::sweeps
