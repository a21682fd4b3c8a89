#include "sweeps/facts.hpp"

namespace checkerlab::sweeps {

using Json = nlohmann::json;

Facts::Facts(const SourceDocument& document, const std::vector<DefinitionIssue>& known) : document_(document) {
  for (const DefinitionIssue& issue : known)
    bad_.insert(issue.path);
}

const Json* Facts::find(const std::string& pointer) const {
  const Json::json_pointer place(pointer);
  if (bad_.contains(dotted_path(pointer)) || !document_.json().contains(place)) return nullptr;
  return &document_.json().at(place);
}

std::optional<std::int64_t> Facts::integer(const std::string& pointer) const {
  const Json* value = find(pointer);
  if (!value || !value->is_number_integer()) return std::nullopt;
  return value->get<std::int64_t>();
}

std::optional<double> Facts::number(const std::string& pointer) const {
  const Json* value = find(pointer);
  if (!value || !value->is_number()) return std::nullopt;
  return value->get<double>();
}

std::optional<std::string> Facts::text(const std::string& pointer) const {
  const Json* value = find(pointer);
  if (!value || !value->is_string()) return std::nullopt;
  return value->get<std::string>();
}

std::optional<std::int64_t> Facts::count(const std::string& pointer) const {
  const Json* value = find(pointer);
  if (!value || !value->is_array()) return std::nullopt;
  return static_cast<std::int64_t>(value->size());
}

std::optional<std::int64_t> Facts::grid() const {
  const auto size = integer("/dataset/size");
  const auto stride = integer("/tokenizer/stride");
  if (!size || !stride || *size % *stride != 0) return std::nullopt;
  return *size / *stride;
}

}  // namespace checkerlab::sweeps
