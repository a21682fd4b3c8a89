#include "cli/timeline/render.hpp"

#include <algorithm>
#include <vector>

#include "base/clock.hpp"
#include "base/text/number.hpp"
#include "base/text/text_width.hpp"
#include "cli/progress/block.hpp"

namespace checkerlab::cli {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kHeadColumns = 14;  // "#12 fetching "
constexpr std::size_t kTailColumns = 14;  // "  12 min 05 s"
constexpr std::size_t kLeastBar = 10;

double seconds_of(const Json& time) {
  return static_cast<double>(parse_rfc3339(time.get<std::string>()).time_since_epoch().count()) / 1'000;
}

// The stretch of time that the bars show.
struct Axis {
  double from = 0;
  double to = 0;
  std::size_t columns = 0;

  std::size_t column(double time) const {
    const double share = to > from ? std::clamp((time - from) / (to - from), 0.0, 1.0) : 0;
    return std::min(columns - 1, static_cast<std::size_t>(share * static_cast<double>(columns)));
  }
};

Axis axis_of(const Json& timeline, std::size_t width) {
  Axis axis;
  axis.columns = std::max(kLeastBar, width - std::min(width, kHeadColumns + kTailColumns));
  axis.from = axis.to = seconds_of(timeline.at("events").at(0).at("at"));
  for (const auto& event : timeline.at("events"))
    axis.to = std::max(axis.to, seconds_of(event.at("at")));
  for (const auto& span : timeline.at("spans")) {
    if (span.at("to").is_null()) axis.to = std::max(axis.to, seconds_of(timeline.at("now")));
  }
  return axis;
}

std::string padded(std::string text, std::size_t columns) {
  text = fit_to_width(text, columns);
  return text + std::string(columns - std::min(columns, text_width(text)), ' ');
}

const char* cell_of(const std::string& phase) {
  if (phase == "running") return "█";
  return phase == "fetching" ? "▒" : "░";
}

bool belongs(const Json& event, const Json& span) {
  return event.at("event") == "checkpoint" && span.at("phase") == "running" &&
         span.value("attempt", 0) == event.at("attempt");
}

std::string span_line(const Json& timeline, const Json& span, const Axis& axis) {
  const double from = seconds_of(span.at("from"));
  const double to = seconds_of(span.at("to").is_null() ? timeline.at("now") : span.at("to"));
  std::vector<std::string> cells(axis.columns, " ");
  const std::string phase = span.at("phase");
  for (std::size_t i = axis.column(from); i <= axis.column(to); ++i)
    cells[i] = cell_of(phase);
  for (const auto& event : timeline.at("events")) {
    if (belongs(event, span)) cells[axis.column(seconds_of(event.at("at")))] = "◆";
  }
  const std::string number = span.contains("attempt") ? "#" + std::to_string(span.at("attempt").get<int>()) + " " : "";
  std::string line = padded(number + printable(phase), kHeadColumns);
  for (const auto& cell : cells)
    line += cell;
  return line + "  " + duration_text(std::max(0.0, to - from)) + (span.at("to").is_null() ? " …" : "");
}

std::string headline(const Json& timeline) {
  const std::string label = timeline.value("label", "");
  return printable(stage_name(timeline.at("kind")) + (label.empty() ? "" : " · " + label)) + " · " +
         timeline.at("state").get<std::string>() + " · submitted " +
         timeline.at("events").at(0).at("at").get<std::string>();
}

std::string end_line(const Json& event) {
  const Json message = event.value("message", Json());
  return "attempt " + std::to_string(event.at("attempt").get<int>()) + " on " +
         printable(event.at("worker").get<std::string>()) + " " + event.at("state").get<std::string>() +
         (message.is_string() ? ": " + printable(message.get<std::string>()) : "");
}

std::size_t checkpoints(const Json& timeline) {
  const auto& events = timeline.at("events");
  return static_cast<std::size_t>(
      std::count_if(events.begin(), events.end(), [](const Json& event) { return event.at("event") == "checkpoint"; }));
}

}  // namespace

std::string render_timeline(const Json& timeline, std::size_t width) {
  const Axis axis = axis_of(timeline, width);
  std::vector<std::string> lines{headline(timeline), ""};
  const std::string total = duration_text(axis.to - axis.from);
  lines.push_back(std::string(kHeadColumns, ' ') +
                  padded("0 s", axis.columns - std::min(axis.columns, text_width(total))) + total);
  for (const auto& span : timeline.at("spans"))
    lines.push_back(span_line(timeline, span, axis));
  lines.emplace_back();
  for (const auto& event : timeline.at("events")) {
    if (event.at("event") == "ended") lines.push_back(end_line(event));
  }
  if (const auto count = checkpoints(timeline); count > 0)
    lines.push_back("◆ " + grouped(static_cast<long long>(count)) + (count == 1 ? " checkpoint" : " checkpoints"));
  while (lines.back().empty())
    lines.pop_back();
  std::string text;
  for (const auto& line : lines)
    text += fit_to_width(line, width) + "\n";
  return text;
}

}  // namespace checkerlab::cli
