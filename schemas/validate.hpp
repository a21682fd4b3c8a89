// The JSON Schemas (draft 7) of everything Checkerlab exchanges, compiled in, and validation against them.
// Thread-safe: every schema is parsed once, on first use, and only read afterwards.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace checkerlab {

enum class SchemaName {
  study,
  import_dataset,
  import_file,
  train_tokenizer,
  retrain_codebook,
  tokenize_dataset,
  train_metric_network,
  reference_statistics,
  train_model,
  evaluate_shard,
  score_point,
  sample_grid,
  measure_mixing,
  measure_latency,
  measure_entropy,
  noop,
  worker_message,
  coordinator_message,
  result,
  recipe,
  published,
};

// One violation: a JSON pointer into the document ("" is the document itself) and what is wrong there.
struct SchemaViolation {
  std::string pointer;
  std::string message;
};

// The schema of a job kind's spec. Throws Error when there is no such kind.
SchemaName job_schema(std::string_view kind);

// Names of all job kinds, in the order in which a study runs them.
const std::vector<std::string>& job_kinds();

// The schema itself as a document.
const nlohmann::json& schema_document(SchemaName name);

// All violations found; empty when the document is valid.
std::vector<SchemaViolation> schema_violations(SchemaName name, const nlohmann::json& document);

// Throws Error that names the schema and lists every violation with its pointer.
void validate(SchemaName name, const nlohmann::json& document);

// Validates a job spec against the schema of its kind.
void validate_job_spec(const nlohmann::json& spec);

}  // namespace checkerlab
