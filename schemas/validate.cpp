#include "schemas/validate.hpp"

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "base/error.hpp"
#include "embedded/schema.hpp"

namespace checkerlab {
namespace {

using Json = nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

// In the order of SchemaName.
constexpr std::array<std::string_view, 14> kFiles{"study",
                                                  "jobs/import_dataset",
                                                  "jobs/train_tokenizer",
                                                  "jobs/tokenize_dataset",
                                                  "jobs/train_metric_network",
                                                  "jobs/reference_statistics",
                                                  "jobs/train_model",
                                                  "jobs/evaluate_shard",
                                                  "jobs/score_point",
                                                  "jobs/sample_grid",
                                                  "jobs/noop",
                                                  "worker_message",
                                                  "coordinator_message",
                                                  "result"};
constexpr std::size_t kFirstJob = static_cast<std::size_t>(SchemaName::import_dataset);
constexpr std::size_t kLastJob = static_cast<std::size_t>(SchemaName::noop);
constexpr std::string_view kJobFolder = "jobs/";

// A schema as a document and in valijson's compiled form, which must not be moved.
struct Compiled {
  Json document;
  valijson::Schema schema;
};

std::string_view embedded_text(std::string_view name) {
  const std::string file = std::string(name) + ".schema.json";
  for (const EmbeddedFile& embedded : schema_files()) {
    if (embedded.name == file) return embedded.data;
  }
  throw Error(ErrorCode::internal, "the schema " + file + " is not compiled in");
}

std::unique_ptr<Compiled> compile(std::string_view name) {
  auto compiled = std::make_unique<Compiled>();
  compiled->document = Json::parse(embedded_text(name));
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  parser.populateSchema(Adapter(compiled->document), compiled->schema);
  return compiled;
}

const Compiled& compiled(SchemaName name) {
  static std::array<std::once_flag, kFiles.size()> flags;
  static std::array<std::unique_ptr<Compiled>, kFiles.size()> schemas;
  const auto index = static_cast<std::size_t>(name);
  std::call_once(flags.at(index), [&] { schemas[index] = compile(kFiles[index]); });
  return *schemas[index];
}

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

const std::vector<std::string>& job_kinds() {
  static const std::vector<std::string> kinds = [] {
    std::vector<std::string> names;
    for (std::size_t i = kFirstJob; i <= kLastJob; ++i)
      names.emplace_back(kFiles[i].substr(kJobFolder.size()));
    return names;
  }();
  return kinds;
}

SchemaName job_schema(std::string_view kind) {
  const auto& kinds = job_kinds();
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (kinds[i] == kind) return static_cast<SchemaName>(kFirstJob + i);
  }
  throw Error(ErrorCode::invalid_data, "there is no job kind '" + std::string(kind) + "'");
}

const nlohmann::json& schema_document(SchemaName name) {
  return compiled(name).document;
}

std::vector<SchemaViolation> schema_violations(SchemaName name, const nlohmann::json& document) {
  // The validator caches the regular expressions of patterns and is not thread-safe itself.
  static thread_local valijson::Validator validator;
  const valijson::Schema& schema = compiled(name).schema;
  if (validator.validate(schema, Adapter(document), nullptr)) return {};
  valijson::ValidationResults results;
  validator.validate(schema, Adapter(document), &results);
  return collect(results);
}

void validate(SchemaName name, const nlohmann::json& document) {
  const auto violations = schema_violations(name, document);
  if (violations.empty()) return;
  std::string text =
      "not a valid " + schema_document(name).value("title", std::string(kFiles[static_cast<std::size_t>(name)]));
  for (const SchemaViolation& violation : violations)
    text += "; at " + (violation.pointer.empty() ? "the top" : violation.pointer) + ": " + violation.message;
  throw Error(ErrorCode::invalid_data, text,
              "Compare with schemas/" + std::string(kFiles[static_cast<std::size_t>(name)]) + ".schema.json");
}

void validate_job_spec(const nlohmann::json& spec) {
  if (!spec.is_object() || !spec.contains("kind") || !spec.at("kind").is_string())
    throw Error(ErrorCode::invalid_data, "a job spec must be an object with a text 'kind'");
  validate(job_schema(spec.at("kind").get<std::string>()), spec);
}

}  // namespace checkerlab
