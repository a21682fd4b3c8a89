// What is said at the end of a study: failures, the table, the figure, where things lie.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/client/session.hpp"
#include "cli/context.hpp"

namespace checkerlab::cli {

// The figure of a study as a file; nothing is written when nothing is measured.
struct WrittenFigure {
  nlohmann::json document;     // of GET /studies/{id}/figure
  std::filesystem::path path;  // empty: not written
};

// Fetches the study's figure and writes it as SVG to `path`, atomically.
WrittenFigure write_figure(Session& session, const nlohmann::json& study, const std::filesystem::path& path);

// The failed jobs of the study with their errors, a few of them in full; `program` begins the commands that tell more
// (Context::program). Pure.
std::string failures_text(const nlohmann::json& jobs, const std::string& program);

// Prints failures to err, and to out the table and where the figure, the database and the page are; with --json one
// last line
// {"type": "finished", "study", "figure", "figure_path", "database", "page", "failed_jobs"}.
void print_outcome(Context& context, Session& session, const nlohmann::json& study,
                   const std::filesystem::path& figure_path);

}  // namespace checkerlab::cli
