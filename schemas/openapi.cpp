#include "schemas/openapi.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "embedded/schema.hpp"
#include "schemas/compiled_schema.hpp"
#include "schemas/yaml.hpp"

namespace checkerlab {
namespace {

std::string_view openapi_yaml() {
  for (const EmbeddedFile& file : schema_files()) {
    if (file.name == "openapi.yaml") return file.data;
  }
  throw Error(ErrorCode::internal, "openapi.yaml is not compiled in");
}

using Json = nlohmann::json;

// The component as a JSON Schema of its own: the components become its definitions.
Json schema_of(const std::string& component) {
  constexpr std::string_view kFrom = "#/components/schemas/";
  constexpr std::string_view kTo = "#/definitions/";
  std::string text = Json::parse(openapi_json()).at("components").at("schemas").dump();
  for (auto at = text.find(kFrom); at != std::string::npos; at = text.find(kFrom, at))
    text.replace(at, kFrom.size(), kTo);
  Json definitions = Json::parse(text);
  if (!definitions.contains(component)) throw Error(ErrorCode::not_found, "openapi.yaml has no component " + component);
  return {{"allOf", Json::array({{{"$ref", std::string(kTo) + component}}})}, {"definitions", std::move(definitions)}};
}

}  // namespace

const std::string& openapi_json() {
  static const std::string text = yaml_to_json(openapi_yaml()).dump();
  return text;
}

std::vector<SchemaViolation> openapi_violations(std::string_view component, const nlohmann::json& document) {
  static std::mutex mutex;
  static std::map<std::string, CompiledSchema, std::less<>> schemas;
  const std::lock_guard lock(mutex);
  auto found = schemas.find(component);
  if (found == schemas.end()) {
    const std::string name(component);
    found = schemas.try_emplace(name, schema_of(name)).first;
  }
  return found->second.violations(document);
}

}  // namespace checkerlab
