// What `run` and `submit` say about a study besides its definition: how it stands to others, and whose it is.
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cli/run/study_source.hpp"

namespace checkerlab::cli {

struct SubmissionOptions {
  std::optional<int> priority;
  std::optional<std::string> deadline;

  // --priority and --deadline; this object lives as long as the command.
  void declare(CLI::App& command);

  // The body of POST /api/v1/studies. The owner is the user of the operating system.
  nlohmann::json request(const StudySource& source) const;
};

// Options that `priority` has as well.
CLI::Option* add_deadline_option(CLI::App& command, std::optional<std::string>& deadline);

}  // namespace checkerlab::cli
