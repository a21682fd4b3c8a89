#include "sweeps/parse.hpp"

#include <utility>

#include "sweeps/checked_json.hpp"
#include "sweeps/meaning_check.hpp"
#include "sweeps/read_definition.hpp"

namespace checkerlab::sweeps {
namespace {

std::string line_of(const std::string& filename, const DefinitionIssue& issue) {
  std::string text = filename;
  if (issue.line > 0) text += ":" + std::to_string(issue.line) + ":" + std::to_string(issue.column);
  text += ": " + (issue.path.empty() ? "" : issue.path + ": ") + issue.message;
  return text + (issue.fix.empty() ? "" : " (" + issue.fix + ")");
}

std::string describe(const std::string& filename, const std::vector<DefinitionIssue>& issues) {
  std::string text;
  for (const DefinitionIssue& issue : issues)
    text += (text.empty() ? "" : "\n") + line_of(filename, issue);
  return text;
}

}  // namespace

DefinitionError::DefinitionError(std::string filename, std::vector<DefinitionIssue> issues)
    : Error(ErrorCode::invalid_argument, describe(filename, issues)),
      filename_(std::move(filename)),
      issues_(std::move(issues)) {}

StudyDefinition parse_study(std::string_view yaml, std::string_view filename, std::span<const std::string> overrides) {
  return read_definition(checked_json(
      yaml, filename, overrides, {.schema = SchemaName::study, .ratio_from_preset = false, .meaning = check_meaning}));
}

}  // namespace checkerlab::sweeps
