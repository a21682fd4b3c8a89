// The forecast of a study as a sentence. Pure and thread-safe.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace checkerlab::cli {

// "3 h 20 min left (2 h 50 min to 4 h 05 min) with 4 slots, 12.5 GPU-hours (10 to 15)", from the API's Forecast; what
// has not been measured is named. Empty when nothing is left.
std::string forecast_text(const nlohmann::json& forecast);

}  // namespace checkerlab::cli
