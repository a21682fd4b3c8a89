#include "schemas/validate.hpp"

#include <array>
#include <memory>
#include <mutex>

#include "base/error.hpp"
#include "embedded/schema.hpp"
#include "schemas/compiled_schema.hpp"

namespace checkerlab {
namespace {

using Json = nlohmann::json;

// In the order of SchemaName.
constexpr std::array<std::string_view, 21> kFiles{"study",
                                                  "jobs/import_dataset",
                                                  "jobs/import_file",
                                                  "jobs/train_tokenizer",
                                                  "jobs/retrain_codebook",
                                                  "jobs/tokenize_dataset",
                                                  "jobs/train_metric_network",
                                                  "jobs/reference_statistics",
                                                  "jobs/train_model",
                                                  "jobs/evaluate_shard",
                                                  "jobs/score_point",
                                                  "jobs/sample_grid",
                                                  "jobs/measure_mixing",
                                                  "jobs/measure_latency",
                                                  "jobs/measure_entropy",
                                                  "jobs/noop",
                                                  "worker_message",
                                                  "coordinator_message",
                                                  "result",
                                                  "recipe",
                                                  "published"};
constexpr std::size_t kFirstJob = static_cast<std::size_t>(SchemaName::import_dataset);
constexpr std::size_t kLastJob = static_cast<std::size_t>(SchemaName::noop);
constexpr std::string_view kJobFolder = "jobs/";

std::string_view embedded_text(std::string_view name) {
  const std::string file = std::string(name) + ".schema.json";
  for (const EmbeddedFile& embedded : schema_files()) {
    if (embedded.name == file) return embedded.data;
  }
  throw Error(ErrorCode::internal, "the schema " + file + " is not compiled in");
}

const CompiledSchema& compiled(SchemaName name) {
  static std::array<std::once_flag, kFiles.size()> flags;
  static std::array<std::unique_ptr<CompiledSchema>, kFiles.size()> schemas;
  const auto index = static_cast<std::size_t>(name);
  std::call_once(flags.at(index),
                 [&] { schemas[index] = std::make_unique<CompiledSchema>(Json::parse(embedded_text(kFiles[index]))); });
  return *schemas[index];
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
  return compiled(name).document();
}

std::vector<SchemaViolation> schema_violations(SchemaName name, const nlohmann::json& document) {
  return compiled(name).violations(document);
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
