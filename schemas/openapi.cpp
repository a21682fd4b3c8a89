#include "schemas/openapi.hpp"

#include <string_view>

#include "base/error.hpp"
#include "embedded/schema.hpp"
#include "schemas/yaml.hpp"

namespace checkerlab {
namespace {

std::string_view openapi_yaml() {
  for (const EmbeddedFile& file : schema_files()) {
    if (file.name == "openapi.yaml") return file.data;
  }
  throw Error(ErrorCode::internal, "openapi.yaml is not compiled in");
}

}  // namespace

const std::string& openapi_json() {
  static const std::string text = yaml_to_json(openapi_yaml()).dump();
  return text;
}

}  // namespace checkerlab
