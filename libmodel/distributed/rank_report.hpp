// Why a rank's process ended, told to the process that started it: one JSON object on descriptor kRankReport.
#pragma once

#include <exception>
#include <optional>
#include <string_view>

#include "base/error.hpp"

namespace checkerlab::model {

inline constexpr int kRankReport = 3;

// From the rank, at its end. Does nothing where nobody listens.
void send_rank_report(const std::exception& reason) noexcept;

// The Error in what came from a rank; nothing where it said nothing, or nothing whole.
std::optional<Error> parse_rank_report(std::string_view text);

}  // namespace checkerlab::model
