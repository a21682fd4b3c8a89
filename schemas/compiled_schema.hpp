// One JSON Schema in valijson's compiled form. Immutable after construction; validation is thread-safe.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "schemas/validate.hpp"

namespace checkerlab {

class CompiledSchema {
 public:
  // `document` is a draft-7 schema whose references all lead into itself.
  explicit CompiledSchema(nlohmann::json document);
  ~CompiledSchema();
  CompiledSchema(const CompiledSchema&) = delete;
  CompiledSchema& operator=(const CompiledSchema&) = delete;

  const nlohmann::json& document() const { return document_; }
  std::vector<SchemaViolation> violations(const nlohmann::json& value) const;

 private:
  struct Schema;
  nlohmann::json document_;
  std::unique_ptr<Schema> schema_;
};

}  // namespace checkerlab
