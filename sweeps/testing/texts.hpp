// Texts for the tests of definitions.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sweeps/parse.hpp"

namespace checkerlab::sweeps::testing {

// The file below the repository's root. Throws when it cannot be read.
std::string repository_file(const std::string& name);

// sweeps/testing/study.yaml, with `from` replaced by `to`; throws when `from` does not stand there exactly once.
std::string study_with(const std::string& from, const std::string& to);

// sweeps/testing/study.yaml with overrides.
StudyDefinition study(const std::vector<std::string>& overrides = {});

// The issues of a definition; empty when it is valid.
std::vector<DefinitionIssue> issues_of(const std::string& yaml, const std::vector<std::string>& overrides = {});

// The only issue; throws unless there is exactly one.
DefinitionIssue issue_of(const std::string& yaml, const std::vector<std::string>& overrides = {});

// Line and column (from 1) of the only place where `part` stands in `text`.
std::pair<int, int> place_of(const std::string& text, const std::string& part);

}  // namespace checkerlab::sweeps::testing
