// The table at the end of a study. Pure and thread-safe.
#pragma once

#include <string>
#include <vector>

#include "cli/results/rows.hpp"
#include "cli/tables/table.hpp"

namespace checkerlab::cli {

// For people: ratio, steps per scale, total steps, best guidance, FID ±, IS ±, N; and below it how the numbers were
// measured. Where they were measured in several ways, a column says which row is of which.
std::string results_text(const std::vector<ResultRow>& rows);

// For programs: the same with full precision, a column for each uncertainty and each part of the identity.
Table results_csv(const std::vector<ResultRow>& rows);

// The answer of POST /query as a table. Throws Error(invalid_data) for another shape.
Table query_table(const nlohmann::json& answer);

}  // namespace checkerlab::cli
