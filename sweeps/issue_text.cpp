#include "sweeps/issue_text.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace checkerlab::sweeps {
namespace {

std::string_view line_of(std::string_view source, int number) {
  for (int i = 1; i < number; ++i) {
    const auto end = source.find('\n');
    if (end == std::string_view::npos) return {};
    source.remove_prefix(end + 1);
  }
  std::string_view line = source.substr(0, source.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Spaces up to `column`, with tabs where the line has tabs, so that the caret stands under its character.
std::string indent_to(std::string_view line, int column) {
  std::string indent;
  for (std::size_t i = 0; i + 1 < static_cast<std::size_t>(column); ++i) {
    indent += i < line.size() && line[i] == '\t' ? '\t' : ' ';
  }
  return indent;
}

std::string describe(const DefinitionIssue& issue, const std::string& filename, std::string_view source) {
  std::string place = filename;
  if (issue.line > 0) place += ":" + std::to_string(issue.line) + ":" + std::to_string(issue.column);
  std::string text = "error: " + place + ": " + (issue.path.empty() ? "" : issue.path + ": ") + issue.message + "\n";
  if (issue.line > 0) {
    const std::string number = std::to_string(issue.line);
    const std::string_view line = line_of(source, issue.line);
    text += "  " + number + " | " + std::string(line) + "\n";
    text += "  " + std::string(number.size(), ' ') + " | " + indent_to(line, issue.column) + "^\n";
  }
  if (!issue.fix.empty()) text += "  fix: " + issue.fix + "\n";
  return text;
}

}  // namespace

DefinitionRefused::DefinitionRefused(DefinitionError error, std::string source)
    : Error(error.code(), error.what(), error.fix()), cause_(std::move(error)), source_(std::move(source)) {}

std::string issues_text(const DefinitionError& error, std::string_view source) {
  std::string text;
  for (const auto& issue : error.issues())
    text += describe(issue, error.filename(), source);
  return text;
}

nlohmann::json issues_json(const DefinitionError& error) {
  nlohmann::json issues = nlohmann::json::array();
  for (const auto& issue : error.issues()) {
    issues.push_back({{"line", issue.line},
                      {"column", issue.column},
                      {"path", issue.path},
                      {"message", issue.message},
                      {"fix", issue.fix}});
  }
  return {{"filename", error.filename()}, {"issues", issues}};
}

}  // namespace checkerlab::sweeps
