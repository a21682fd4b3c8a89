#include "sweeps/source_document.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace checkerlab::sweeps {
namespace {

using Json = nlohmann::json;

std::string parent_pointer(const std::string& pointer) {
  const auto slash = pointer.rfind('/');
  return slash == std::string::npos ? "" : pointer.substr(0, slash);
}

// Looks `pointer` up, then the places around it.
template <typename Map>
const typename Map::mapped_type* nearest(const Map& map, std::string pointer) {
  while (true) {
    if (const auto found = map.find(pointer); found != map.end()) return &found->second;
    if (pointer.empty()) return nullptr;
    pointer = parent_pointer(pointer);
  }
}

void fill(Json& object, const Json& values) {
  for (const auto& [key, value] : values.items()) {
    if (!object.contains(key))
      object[key] = value;
    else if (value.is_object() && object.at(key).is_object())
      fill(object.at(key), value);
  }
}

DefinitionIssue issue_at(const Origin& origin, const std::string& pointer, std::string message, std::string fix) {
  if (!origin.override_text.empty()) message = "--set '" + origin.override_text + "': " + message;
  return {origin.position.line, origin.position.column, dotted_path(pointer), std::move(message), std::move(fix)};
}

}  // namespace

std::string dotted_path(const std::string& pointer) {
  std::string path;
  for (Json::json_pointer rest(pointer); !rest.empty(); rest.pop_back()) {
    path = path.empty() ? rest.back() : rest.back() + "." + path;
  }
  return path;
}

std::string child_pointer(const std::string& pointer, const std::string& key) {
  return (Json::json_pointer(pointer) / key).to_string();
}

std::string child_pointer(const std::string& pointer, std::size_t index) {
  return pointer + "/" + std::to_string(index);
}

void SourceDocument::fill_missing(const nlohmann::json& values) {
  fill(json_, values);
}

Origin SourceDocument::value_origin(const std::string& pointer) const {
  if (const std::string* text = nearest(overrides_, pointer)) return {{}, *text};
  const Position* position = nearest(values_, pointer);
  return {position ? *position : Position{1, 1}, ""};
}

Origin SourceDocument::key_origin(const std::string& pointer) const {
  if (const std::string* text = nearest(overrides_, pointer)) return {{}, *text};
  const auto key = keys_.find(pointer);
  return key == keys_.end() ? value_origin(pointer) : Origin{key->second, ""};
}

DefinitionIssue SourceDocument::issue_at_value(const std::string& pointer, std::string message, std::string fix) const {
  return issue_at(value_origin(pointer), pointer, std::move(message), std::move(fix));
}

DefinitionIssue SourceDocument::issue_at_key(const std::string& pointer, std::string message, std::string fix) const {
  return issue_at(key_origin(pointer), pointer, std::move(message), std::move(fix));
}

}  // namespace checkerlab::sweeps
