// A report in the forms that people and programs read. Pure and thread-safe.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "cli/reproduce/report/report.hpp"

namespace checkerlab::cli::reproduce {

// GitHub-flavoured; pictures are linked by their file names.
std::string to_markdown(const Report& report);

// One row a printed number (table, row, column, printed, ours, uncertainty, verdict, difference, standard error,
// reasons); then one row a measured number and one a claim, in the same columns. All digits.
std::string to_csv(const Report& report);

// One page that needs no other file: SVG inline, other pictures as data; light and dark by the viewer's colour scheme.
std::string to_html(const Report& report);

// For the terminal.
std::string to_text(const Report& report);

// All of it but the pictures' bytes.
nlohmann::json to_json(const Report& report);

}  // namespace checkerlab::cli::reproduce
