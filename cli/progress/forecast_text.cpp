#include "cli/progress/forecast_text.hpp"

#include "base/text/number.hpp"
#include "cli/progress/block.hpp"

namespace checkerlab::cli {
namespace {

using Json = nlohmann::json;

std::string time_range(const Json& range) {
  return duration_text(range.at("likely")) + " (" + duration_text(range.at("low")) + " to " +
         duration_text(range.at("high")) + ")";
}

std::string hours_range(const Json& range) {
  const auto hours = [&](const char* name) { return compact(range.at(name).get<double>() / 3600, 3); };
  return hours("likely") + " GPU-hours (" + hours("low") + " to " + hours("high") + ")";
}

// Stages of which no like job has been measured.
std::string unknown_stages(const Json& stages) {
  std::string names;
  for (const Json& stage : stages) {
    if (stage.at("seconds").is_null()) names += (names.empty() ? "" : ", ") + stage_name(stage.at("kind"));
  }
  return names;
}

}  // namespace

std::string forecast_text(const Json& forecast) {
  if (forecast.at("jobs") == 0) return "";
  const std::string unknown = unknown_stages(forecast.at("stages"));
  const std::string tail = unknown.empty() ? "" : "; not measured yet: " + unknown;
  if (forecast.at("worker_seconds").at("likely").get<double>() <= 0) return "Time left: not known" + tail + ".";
  const long long slots = forecast.at("slots");
  std::string text = slots > 0
                         ? "Time left: " + time_range(forecast.at("wall_seconds")) + " with " + grouped(slots) +
                               (slots == 1 ? " slot" : " slots")
                         : "Work left: " + time_range(forecast.at("worker_seconds")) + " of one slot; none is online";
  if (forecast.at("gpu_seconds").at("likely").get<double>() > 0) text += ", " + hours_range(forecast.at("gpu_seconds"));
  return text + tail + ".";
}

}  // namespace checkerlab::cli
