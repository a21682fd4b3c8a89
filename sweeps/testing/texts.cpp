#include "sweeps/testing/texts.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace checkerlab::sweeps::testing {
namespace {

std::size_t only_place(const std::string& text, const std::string& part) {
  const auto found = text.find(part);
  if (found == std::string::npos || text.find(part, found + 1) != std::string::npos)
    throw std::logic_error("not exactly once in the text: " + part);
  return found;
}

}  // namespace

std::string repository_file(const std::string& name) {
  std::ifstream stream(std::string(CHECKERLAB_SOURCE_DIR) + "/" + name);
  if (!stream) throw std::runtime_error("cannot read " + name);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string study_with(const std::string& from, const std::string& to) {
  std::string text = repository_file("sweeps/testing/study.yaml");
  return text.replace(only_place(text, from), from.size(), to);
}

StudyDefinition study(const std::vector<std::string>& overrides) {
  return parse_study(repository_file("sweeps/testing/study.yaml"), "study.yaml", overrides);
}

std::vector<DefinitionIssue> issues_of(const std::string& yaml, const std::vector<std::string>& overrides) {
  try {
    parse_study(yaml, "study.yaml", overrides);
  } catch (const DefinitionError& error) {
    return error.issues();
  }
  return {};
}

DefinitionIssue issue_of(const std::string& yaml, const std::vector<std::string>& overrides) {
  const auto issues = issues_of(yaml, overrides);
  if (issues.size() != 1) throw std::logic_error(std::to_string(issues.size()) + " issues instead of one");
  return issues.front();
}

std::pair<int, int> place_of(const std::string& text, const std::string& part) {
  const std::size_t at = only_place(text, part);
  const auto line_start = text.rfind('\n', at);
  const auto column = line_start == std::string::npos ? at + 1 : at - line_start;
  return {static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n')) + 1,
          static_cast<int>(column)};
}

}  // namespace checkerlab::sweeps::testing
