#include "sweeps/parse.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "schemas/validate.hpp"
#include "sweeps/form_check.hpp"
#include "sweeps/meaning_check.hpp"
#include "sweeps/read_definition.hpp"
#include "sweeps/source_document.hpp"

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

void append(std::vector<DefinitionIssue>& issues, std::vector<DefinitionIssue> more) {
  issues.insert(issues.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// In file order, those of overrides last.
void sort_by_place(std::vector<DefinitionIssue>& issues) {
  std::ranges::stable_sort(issues, [](const DefinitionIssue& a, const DefinitionIssue& b) {
    const auto place = [](const DefinitionIssue& issue) {
      return std::tuple(issue.line == 0, issue.line, issue.column);
    };
    return place(a) < place(b);
  });
}

// The schema's own validator decides; an issue it finds and check_form does not is shown in its words.
std::vector<DefinitionIssue> confirm(const SourceDocument& document) {
  std::vector<DefinitionIssue> issues;
  for (const SchemaViolation& violation : schema_violations(SchemaName::study, document.json()))
    issues.push_back(document.issue_at_value(violation.pointer, violation.message));
  return issues;
}

}  // namespace

DefinitionError::DefinitionError(std::string filename, std::vector<DefinitionIssue> issues)
    : Error(ErrorCode::invalid_argument, describe(filename, issues)),
      filename_(std::move(filename)),
      issues_(std::move(issues)) {}

StudyDefinition parse_study(std::string_view yaml, std::string_view filename, std::span<const std::string> overrides) {
  std::vector<DefinitionIssue> issues;
  SourceDocument document = SourceDocument::parse(yaml, issues);
  const bool readable = issues.empty() || !document.json().is_null();
  if (readable) {
    for (const std::string& override_text : overrides)
      document.apply_override(override_text, issues);
    append(issues, check_form(document, schema_document(SchemaName::study)));
    append(issues, check_meaning(document, issues));
    if (issues.empty()) issues = confirm(document);
  }
  if (issues.empty()) return read_definition(document.json());
  sort_by_place(issues);
  throw DefinitionError(std::string(filename), std::move(issues));
}

}  // namespace checkerlab::sweeps
