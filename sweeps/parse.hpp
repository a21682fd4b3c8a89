// Reads a study definition: YAML text → overrides → schema → cross-checks → StudyDefinition.
// Pure: no files, no clock; safe to call from any thread. Every problem found is reported, not only the first.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "sweeps/definition.hpp"

namespace checkerlab::sweeps {

// One problem. `line` and `column` count from 1; both are 0 when the value came from an override, which `message` then
// names.
struct DefinitionIssue {
  int line = 0;
  int column = 0;
  std::string path;     // dotted, e.g. "model.train.steps" or "sweep.ratios.1"; empty for the document itself
  std::string message;  // what is wrong, without the position
  std::string fix;      // what to do; may be empty

  bool operator==(const DefinitionIssue&) const = default;
};

// Thrown by parse_study. what() lists every issue as "file:line:column: path: message (fix)", one a line, in file
// order.
class DefinitionError : public Error {
 public:
  DefinitionError(std::string filename, std::vector<DefinitionIssue> issues);

  const std::string& filename() const { return filename_; }
  const std::vector<DefinitionIssue>& issues() const { return issues_; }

 private:
  std::string filename_;
  std::vector<DefinitionIssue> issues_;
};

// Reads `yaml`; `filename` is used in messages only. Each override is "path=value" with a dotted path
// ("sweep.ratios.0=3", "dataset.path=../data") and a value in YAML ("[2, 4]", "1e-3", "\"2\""); later ones win. Throws
// DefinitionError.
StudyDefinition parse_study(std::string_view yaml, std::string_view filename, std::span<const std::string> overrides);

}  // namespace checkerlab::sweeps
