// The table at the end of a study. Pure and thread-safe.
#pragma once

#include <string>
#include <vector>

#include "cli/results/rows.hpp"
#include "cli/tables/table.hpp"

namespace checkerlab::cli {

// For people: ratio, steps per scale, total steps, best guidance, FID ±, IS ±, where it is known IS over the values
// within 2 %, N; and below it how the numbers were measured. Where they were measured in several ways, a column says
// which row is of which.
std::string results_text(const std::vector<ResultRow>& rows);

// How far a search for guidance is and what it spares, from GET /studies/{id}/figure; empty for studies that do not
// search.
std::string search_text(const nlohmann::json& figure);

// For programs: the same with full precision, a column for each uncertainty and each part of the identity.
Table results_csv(const std::vector<ResultRow>& rows);

// The answer of POST /query as a table. Throws Error(invalid_data) for another shape.
Table query_table(const nlohmann::json& answer);

}  // namespace checkerlab::cli
