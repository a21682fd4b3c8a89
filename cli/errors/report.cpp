#include "cli/errors/report.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "cli/tables/text_width.hpp"

namespace checkerlab::cli {
namespace {

using Json = nlohmann::json;

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

std::string indented(std::string_view text, const std::string& indent) {
  std::string result = indent;
  for (const char c : text) {
    result += c;
    if (c == '\n') result += indent;
  }
  return result;
}

std::string describe(const sweeps::DefinitionIssue& issue, const std::string& filename, std::string_view source) {
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

Json as_json(const sweeps::DefinitionError& error) {
  Json issues = Json::array();
  for (const auto& issue : error.issues()) {
    issues.push_back({{"line", issue.line},
                      {"column", issue.column},
                      {"path", issue.path},
                      {"message", issue.message},
                      {"fix", issue.fix}});
  }
  return {{"filename", error.filename()}, {"issues", issues}};
}

Json as_json(const std::exception& exception) {
  const auto* error = dynamic_cast<const Error*>(&exception);
  Json json{{"code", to_string(error == nullptr ? ErrorCode::internal : error->code())},
            {"message", exception.what()},
            {"fix", error == nullptr ? "" : error->fix()}};
  if (const auto* refused = dynamic_cast<const DefinitionRefused*>(&exception)) json.update(as_json(refused->cause()));
  return {{"error", json}};
}

}  // namespace

DefinitionRefused::DefinitionRefused(sweeps::DefinitionError error, std::string source)
    : Error(error.code(), error.what(), error.fix()), cause_(std::move(error)), source_(std::move(source)) {}

std::string describe_issues(const sweeps::DefinitionError& error, std::string_view source) {
  std::string text;
  for (const auto& issue : error.issues())
    text += describe(issue, error.filename(), source);
  return text;
}

void report(Console& console, const std::exception& exception, bool json) {
  if (json) {
    console.err << as_json(exception).dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
    return;
  }
  if (const auto* refused = dynamic_cast<const DefinitionRefused*>(&exception)) {
    console.err << describe_issues(refused->cause(), refused->source()) << std::flush;
    return;
  }
  console.err << "error: " << exception.what() << "\n";
  const auto* error = dynamic_cast<const Error*>(&exception);
  if (error != nullptr && !error->fix().empty()) console.err << indented("fix: " + error->fix(), "  ") << "\n";
  console.err << std::flush;
}

}  // namespace checkerlab::cli
