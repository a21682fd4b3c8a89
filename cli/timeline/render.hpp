// A job's timeline (GET /api/v1/jobs/{key}/timeline) as bars on one axis of time. Pure and thread-safe.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

namespace checkerlab::cli {

// A headline, a line a span, and the moments that no span shows: how attempts ended. No line is wider than `width`.
// Throws Error(invalid_data) for times that are none.
std::string render_timeline(const nlohmann::json& timeline, std::size_t width);

}  // namespace checkerlab::cli
