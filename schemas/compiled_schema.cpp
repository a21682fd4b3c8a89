#include "schemas/compiled_schema.hpp"

#include <utility>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace checkerlab {
namespace {

using Json = nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

// valijson names a place as {"<root>", "[params]", "[0]"}.
std::string pointer_of(const std::vector<std::string>& context) {
  Json::json_pointer pointer;
  for (std::size_t i = 1; i < context.size(); ++i) {
    const std::string& part = context[i];
    pointer.push_back(part.size() >= 2 ? part.substr(1, part.size() - 2) : part);
  }
  return pointer.to_string();
}

// An error that only says that one of the errors below it happened.
bool is_summary(const std::string& description) {
  return description.starts_with("Failed to validate against") ||
         description.starts_with("Object failed to validate against") ||
         description.starts_with("Failed to validate item");
}

std::vector<SchemaViolation> collect(valijson::ValidationResults& results) {
  std::vector<SchemaViolation> all;
  std::vector<SchemaViolation> details;
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    all.push_back({pointer_of(error.context), error.description});
    if (!is_summary(error.description)) details.push_back(all.back());
  }
  return details.empty() ? all : details;
}

}  // namespace

struct CompiledSchema::Schema {
  valijson::Schema compiled;
};

CompiledSchema::CompiledSchema(nlohmann::json document)
    : document_(std::move(document)), schema_(std::make_unique<Schema>()) {
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  parser.populateSchema(Adapter(document_), schema_->compiled);
}

CompiledSchema::~CompiledSchema() = default;

std::vector<SchemaViolation> CompiledSchema::violations(const nlohmann::json& value) const {
  // The validator caches the regular expressions of patterns and is not thread-safe itself.
  static thread_local valijson::Validator validator;
  if (validator.validate(schema_->compiled, Adapter(value), nullptr)) return {};
  valijson::ValidationResults results;
  validator.validate(schema_->compiled, Adapter(value), &results);
  return collect(results);
}

}  // namespace checkerlab
