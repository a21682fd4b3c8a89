// A study definition as the user wrote it: the file, the overrides, and what they say together.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "sweeps/definition.hpp"
#include "sweeps/plan.hpp"

namespace checkerlab::cli {

struct StudySource {
  std::string filename;  // as given
  std::string text;
  std::vector<std::string> overrides;
  sweeps::StudyDefinition definition;
  std::optional<sweeps::DatasetContent> content;  // of data sets of files

  // The body of POST /api/v1/studies.
  [[nodiscard]] nlohmann::json request() const;
};

// Reads and checks the definition in `filename` and reads its data set. Throws sweeps::DefinitionRefused with the
// source's text, or Error when a file is missing.
StudySource load_study(const std::string& filename, const std::vector<std::string>& overrides, Console& console);

}  // namespace checkerlab::cli
