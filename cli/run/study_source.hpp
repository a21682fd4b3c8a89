// A study definition as the user wrote it: the file, the overrides, and what they say together.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "sweeps/definition.hpp"
#include "sweeps/plan.hpp"

namespace checkerlab::cli {

struct StudySource {
  std::string filename;  // as given
  std::string text;
  std::vector<std::string> overrides;
  sweeps::StudyDefinition definition;
  std::optional<sweeps::DatasetContent> content;  // of data sets of files
  std::vector<sweeps::GivenFile> files;           // that the definition names

  // The body of POST /api/v1/studies.
  [[nodiscard]] nlohmann::json request() const;
};

// Reads and checks the definition in `filename`, and nothing that it names. Throws sweeps::DefinitionRefused with the
// source's text, or Error when the file is missing.
StudySource read_study(const std::string& filename, const std::vector<std::string>& overrides);

// Reads its data set and other files too.
StudySource load_study(const std::string& filename, const std::vector<std::string>& overrides, const Context& context);

}  // namespace checkerlab::cli
