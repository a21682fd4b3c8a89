#include "sweeps/checked_json.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "sweeps/form_check.hpp"
#include "sweeps/preset.hpp"

namespace checkerlab::sweeps {
namespace {

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
std::vector<DefinitionIssue> confirm(const SourceDocument& document, SchemaName schema) {
  std::vector<DefinitionIssue> issues;
  for (const SchemaViolation& violation : schema_violations(schema, document.json()))
    issues.push_back(document.issue_at_value(violation.pointer, violation.message));
  return issues;
}

}  // namespace

nlohmann::json checked_json(std::string_view yaml, std::string_view filename, std::span<const std::string> overrides,
                            const Language& language) {
  std::vector<DefinitionIssue> issues;
  SourceDocument document = SourceDocument::parse(yaml, issues);
  const bool readable = issues.empty() || !document.json().is_null();
  if (readable) {
    for (const std::string& override_text : overrides)
      document.apply_override(override_text, issues);
    apply_preset(document, language.ratio_from_preset);
    append(issues, check_form(document, schema_document(language.schema)));
    append(issues, language.meaning(document, issues));
    if (issues.empty()) issues = confirm(document, language.schema);
  }
  if (issues.empty()) return document.json();
  sort_by_place(issues);
  throw DefinitionError(std::string(filename), std::move(issues));
}

}  // namespace checkerlab::sweeps
